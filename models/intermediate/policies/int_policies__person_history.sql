with convictions as (

    select
        *,
        not coalesce(is_disposition_unknown, false) as is_surely_convicted,
        is_prop_64 and not (is_attempt or is_conspiracy or names_another_section) as is_surely_prop_64,
        coalesce(is_blank, true) or (
            is_prop_64 and (is_attempt or is_conspiracy or names_another_section)
        ) as is_possibly_prop_64
    from {{ ref('int_policies__history_convictions') }}

),

subjects as (

    select * from {{ ref('int_policies__history_subjects') }}

),

context as (

    select evaluated_as_of_date from {{ ref('stg_landing__build_context') }}

),

ends as (

    select
        convictions.*,
        -- Days are summed as in the published rules: 30.5 to a month and 366 to a year.
        {{ moved_sentence_end('sentence_days > datediff(\'day\', conviction_date, context.evaluated_as_of_date)') }}
            as is_unfinished,
        case
            when has_unreadable_sentence then null
            -- For such a long sentence there is no calendar date of its end; it has certainly not ended.
            when calendar_sentence_months > 12000 or calendar_sentence_days > 365000 then true
            else
                conviction_date + to_months(cast(calendar_sentence_months as integer))
                + to_days(cast(calendar_sentence_days as integer))
                > context.evaluated_as_of_date
        end as is_unfinished_as_sentenced
    from convictions
    cross join context

),

moved as (

    select
        ends.*,
        {{ moved_sentence_end('is_unfinished_as_sentenced') }} as is_unfinished_by_calendar
    from ends
    cross join context

),

final as (

    select
        moved.history_key,
        max(subjects.birth_date) as birth_date,
        bool_or(subjects.is_deceased) as is_deceased,
        -- Convictions with an unclear disposition may not be convictions.
        count(*) as convictions,
        sum(case when is_surely_convicted then 0 else 1 end) as unclear_convictions,
        sum(case when is_surely_prop_64 then 1 else 0 end) as prop_64_convictions,
        sum(case when is_possibly_prop_64 and not is_surely_prop_64 then 1 else 0 end) as possible_prop_64_convictions,
        sum(
            case
                when not is_surely_convicted and not coalesce(is_surely_prop_64 or is_possibly_prop_64, false) then 1
                else 0
            end
        ) as unclear_convictions_of_others,
        max(case when is_surely_convicted then conviction_date end) as latest_conviction_date,
        max(conviction_date) as latest_possible_conviction_date,
        max(case when level = 'felony' and is_surely_convicted then conviction_date end) as latest_felony_date,
        -- A conviction of unknown level may be a felony.
        max(case when coalesce(level, 'felony') = 'felony' then conviction_date end) as latest_possible_felony_date,
        sum(case when conviction_date is null and coalesce(level, 'felony') = 'felony' then 1 else 0 end)
            as undated_possible_felonies,
        bool_or(level is null) as has_unknown_level,
        sum(case when conviction_date is null then 1 else 0 end) as undated_convictions,
        sum(case when is_unfinished and is_surely_convicted then 1 else 0 end) as unfinished_sentences,
        sum(case when is_unfinished is null or (is_unfinished and not is_surely_convicted) then 1 else 0 end)
            as unknown_sentence_ends,
        sum(case when is_unfinished_by_calendar and is_surely_convicted then 1 else 0 end)
            as unfinished_sentences_by_calendar,
        sum(
            case
                when is_unfinished_by_calendar is null or (is_unfinished_by_calendar and not is_surely_convicted)
                    then 1
                else 0
            end
        ) as unknown_sentence_ends_by_calendar
    from moved
    left join subjects on moved.history_key = subjects.history_key
    group by moved.history_key

)

select * from final
