-- Lower and upper bounds of each fact that a missing date, age, level or end of a sentence may leave unknown.
with conduct as (

    select
        conduct.*,
        persons.birth_date,
        sentences.consecutive_end_date,
        sentences.concurrent_end_date,
        coalesce(sentences.is_sentence_missing, false) as is_sentence_missing,
        coalesce(earlier_relief.is_relieved, false) as is_relieved,
        coalesce(earlier_relief.is_relieved or earlier_relief.is_perhaps_relieved, false) as is_perhaps_relieved,
        context.evaluated_as_of_date,
        case conduct.level when 'felony' then 3 when 'misdemeanor' then 2 when 'infraction' then 1 end as level_number,
        -- An offense without a last possible day was committed on the day of evaluation at the latest.
        coalesce(conduct.offense_last_day, context.evaluated_as_of_date) as last_day
    from {{ ref('int_statute__conduct') }} as conduct
    left join {{ ref('int_identity__persons') }} as persons on conduct.person_key = persons.person_key
    left join {{ ref('int_statute__sentences') }} as sentences on conduct.conviction_key = sentences.conviction_key
    left join {{ ref('int_statute__earlier_relief') }} as earlier_relief
        on conduct.conviction_key = earlier_relief.conviction_key
    cross join {{ ref('stg_landing__build_context') }} as context

),

final as (

    select
        conviction_key,
        is_relieved,
        is_perhaps_relieved,
        case when is_perhaps_relieved and not is_relieved then {{ fact('earlier_relief') }} else 0 end
            as relieved_facts,
        {{ as_yyyymmdd('offense_first_day') }} as offense_first_yyyymmdd,
        {{ as_yyyymmdd('offense_last_day') }} as offense_last_yyyymmdd,
        case when offense_first_day = offense_last_day then 0 else {{ fact('offense_date') }} end as offense_date_facts,
        {{ whole_years_between('birth_date', 'offense_first_day') }} as youngest_age_years,
        {{ whole_years_between('birth_date', 'last_day') }} as oldest_age_years,
        case when birth_date is null then {{ fact('birth_date') }} else 0 end as oldest_age_facts,
        case
            when birth_date is null then {{ fact('birth_date') }}
            when offense_first_day is null or offense_first_day < last_day then {{ fact('offense_date') }}
            else 0
        end as youngest_age_facts,
        -- This column is only for the audit: relief is the same at every level, except where only an infraction was
        -- possible.
        coalesce(level_number > highest_level, false) as is_level_above_the_law,
        case when level_number is null then {{ fact('level') }} else 0 end as level_facts,
        case when lowest_highest_level = highest_level then 0 else conduct_facts end as meaning_facts,
        coalesce(level_number = 1, false) as is_surely_infraction,
        -- A conviction without a level may be an infraction only if the law had infractions.
        coalesce(level_number = 1, allows_infraction) as is_perhaps_infraction,
        coalesce(highest_level = 1, false) as is_surely_infraction_by_law,
        coalesce(lowest_highest_level = 1, true) as is_perhaps_infraction_by_law,
        is_sentence_missing,
        case when is_sentence_missing then {{ fact('sentence_end') }} else 0 end as missing_sentence_facts,
        coalesce(consecutive_end_date > evaluated_as_of_date, false) as is_surely_unfinished_in_turn,
        coalesce(consecutive_end_date > evaluated_as_of_date, true) as is_perhaps_unfinished_in_turn,
        coalesce(concurrent_end_date > evaluated_as_of_date, false) as is_surely_unfinished_together,
        coalesce(concurrent_end_date > evaluated_as_of_date, true) as is_perhaps_unfinished_together,
        case
            when consecutive_end_date is not null then 0
            when conviction_date is null then {{ fact('conviction_date') }}
            else {{ fact('sentence_end') }}
        end as sentence_facts
    from conduct

)

select * from final
