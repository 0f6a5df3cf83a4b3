-- The end of each conviction's sentence, if the parts run one after another and if they all run from the first day.
with convictions as (

    select * from {{ ref('int_statute__convictions') }}

),

doj_parts as (

    select
        doj_conviction_key,
        is_sentence_readable,
        case sentence_unit when 'months' then 1 when 'years' then 12 else 0 end * coalesce(sentence_length, 0)
            as months,
        case sentence_unit when 'days' then 1 else 0 end * coalesce(sentence_length, 0) as days
    from {{ ref('int_convictions__sentence_parts') }}
    where doj_conviction_key is not null

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

-- A part in months and a part in days that run at the same time end with the longer part. No sentence for these
-- sections is longer than a hundred years, so a longer one is a typing error.
sentences as (

    select
        convictions.conviction_key,
        bool_and(doj_parts.is_sentence_readable and doj_parts.months <= 1200 and doj_parts.days <= 36525)
            as is_readable,
        sum(doj_parts.months) as months,
        sum(doj_parts.days) as days,
        max(doj_parts.months) as longest_months,
        max(doj_parts.days) as longest_days
    from convictions
    inner join doj_parts on convictions.doj_conviction_key = doj_parts.doj_conviction_key
    group by convictions.conviction_key
    union all
    -- The court's file is used where the conviction is not in the DOJ's file.
    select
        convictions.conviction_key,
        court_sentences.sentence_days <= 36600 as is_readable,
        court_sentences.calendar_months as months,
        court_sentences.calendar_days as days,
        court_sentences.longest_months,
        court_sentences.longest_days
    from convictions
    inner join court_convictions on convictions.court_conviction_key = court_convictions.court_conviction_key
    inner join {{ ref('int_court__sentences') }} as court_sentences
        on
            court_convictions.case_defendant_key = court_sentences.case_defendant_key
            and court_convictions.file_count_number = court_sentences.count_number
    where convictions.doj_conviction_key is null

),

as_sentenced as (

    select
        convictions.conviction_key,
        convictions.doj_conviction_key,
        convictions.court_conviction_key,
        -- The DOJ's file always has the sentence; the court's file may have a count without sentence rows.
        sentences.conviction_key is null and convictions.doj_conviction_key is null as is_sentence_missing,
        case
            -- If no sentence part is recorded, there are no days to serve.
            when sentences.conviction_key is null then convictions.conviction_date
            when sentences.is_readable
                then
                    cast(
                        {{ calendar_end('convictions.conviction_date', 'sentences.months', 'sentences.days') }} as date
                    )
        end as consecutive_end_date,
        case
            when sentences.conviction_key is null then convictions.conviction_date
            when sentences.is_readable
                then
                    cast(
                        greatest(
                            {{ calendar_end('convictions.conviction_date', 'sentences.longest_months', '0') }},
                            {{ calendar_end('convictions.conviction_date', '0', 'sentences.longest_days') }}
                        ) as date
                    )
        end as concurrent_end_date
    from convictions
    left join sentences on convictions.conviction_key = sentences.conviction_key

),

-- A revoked probation or a consecutive term moves the end of the sentence to a known day, or to an unknown later day.
moves as (

    select
        as_sentenced.*,
        doj_convictions.sentence_moved_to_date,
        coalesce(doj_convictions.is_sentence_end_unknown, court_convictions.is_sentence_end_unknown, false)
            as is_sentence_end_unknown,
        context.evaluated_as_of_date
    from as_sentenced
    left join {{ ref('int_convictions__criminal_history') }} as doj_convictions
        on as_sentenced.doj_conviction_key = doj_convictions.doj_conviction_key
    -- The DOJ's value comes first where there is one. A condition for this in the join would compare every row with
    -- every other row.
    left join court_convictions
        on as_sentenced.court_conviction_key = court_convictions.court_conviction_key
    cross join {{ ref('stg_landing__build_context') }} as context

),

ends as (

    select
        conviction_key,
        is_sentence_missing,
        is_sentence_end_unknown,
        {%- for end_date in ['consecutive_end_date', 'concurrent_end_date'] %}
        case
            when {{ end_date }} is null then null
            -- For a sentence that has certainly not ended, a later end does not change the answer.
            when
                is_sentence_end_unknown
                and greatest({{ end_date }}, coalesce(sentence_moved_to_date, {{ end_date }})) <= evaluated_as_of_date
                then null
            else greatest({{ end_date }}, coalesce(sentence_moved_to_date, {{ end_date }}))
        end as {{ end_date }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from moves

),

-- The sentence is certainly being served before served_until_date, and has certainly ended from ended_from_date on. A
-- sentence that is not on record has neither date.
final as (

    select
        conviction_key,
        is_sentence_missing,
        consecutive_end_date,
        concurrent_end_date,
        case when not is_sentence_missing then concurrent_end_date end as served_until_date,
        case when not is_sentence_missing and not is_sentence_end_unknown then consecutive_end_date end
            as ended_from_date
    from ends

)

select * from final
