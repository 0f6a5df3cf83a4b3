{% set prop_64 = "date '2016-11-09'" %}
{% set first_day_of_the_law = "date '1976-01-01'" %}

-- The day on which the record of each conviction must be destroyed (H&S 11361.5), by the meaning of its offense at that
-- time.
with convictions as (

    select
        conviction_key,
        person_key,
        conviction_date,
        -- An infraction is not punishable by imprisonment (PC 19.6). The published sentence days include every part of
        -- a sentence, not only custody.
        case when level = 'infraction' then 0 when sentence_days <= 36600 then ceil(sentence_days) end
            as longest_custody_days
    from {{ ref('int_identity__convictions') }}

),

classified as (

    select * from {{ ref('int_offenses__classified') }}

),

persons as (

    select
        person_key,
        birth_date
    from {{ ref('int_identity__persons') }}

),

context as (

    select evaluated_as_of_date from {{ ref('stg_landing__build_context') }}

),

rules as (

    select
        record_destruction.statute_id,
        record_destruction.destruction_rule,
        record_destruction.citation,
        statutes.in_force_from
    from {{ ref('record_destruction') }} as record_destruction
    inner join {{ ref('statutes') }} as statutes on record_destruction.statute_id = statutes.statute_id

),

asked as (

    select
        convictions.conviction_key,
        convictions.conviction_date,
        convictions.longest_custody_days,
        classified.offense_date,
        classified.reason as meaning_reason,
        classified.is_attempt
        or classified.is_conspiracy
        or classified.is_accessory
        or classified.is_solicitation as is_not_the_offense_itself,
        coalesce(coalesce(classified.offense_date, classified.era_from) > convictions.conviction_date, false)
            as is_offense_later,
        case
            when classified.reason is null then classified.statute_id
            -- Where the section is unknown, or the text and its code differ, there is no list of possible meanings.
            when classified.reason in ('meaning_date_unknown', 'meaning_no_subdivision')
                then classified.possible_meanings
        end as meanings_left,
        {{ years_after('persons.birth_date', 18) }} as eighteenth_birthday,
        context.evaluated_as_of_date
    from convictions
    left join classified on convictions.conviction_key = classified.conviction_key
    left join persons on convictions.person_key = persons.person_key
    cross join context

),

possible as (

    select
        *,
        unnest(string_split(meanings_left, '; ')) as statute_id
    from asked
    where meanings_left is not null and not is_offense_later

),

-- One row per conviction and possible meaning of its offense.
readings as (

    select
        possible.*,
        rules.destruction_rule,
        rules.citation,
        rules.destruction_rule in ('not_subject_at_18', 'two_years_after_conviction_or_release') as asks_age,
        -- An unknown day of the offense lies between the day on which the law came into force and the day of the
        -- conviction.
        case
            when possible.eighteenth_birthday <= coalesce(possible.offense_date, rules.in_force_from) then true
            when possible.eighteenth_birthday > coalesce(possible.offense_date, possible.conviction_date) then false
        end as is_at_18,
        case
            when rules.destruction_rule = 'two_years_after_conviction'
                then {{ years_after('possible.conviction_date', 2) }}
            -- The law has covered older convictions since Proposition 64, so no record was due for destruction before
            -- Proposition 64.
            when
                rules.destruction_rule = 'two_years_after_conviction_or_release'
                and possible.conviction_date is not null
                then greatest({{ years_after('possible.conviction_date', 2) }}, {{ prop_64 }})
            -- Only a person under 18 can commit this offense. The record exists from the day of the conviction, if that
            -- day is known.
            when rules.destruction_rule = 'eighteenth_birthday'
                then
                    case
                        when coalesce(possible.offense_date, possible.conviction_date) < possible.eighteenth_birthday
                            then greatest(possible.eighteenth_birthday, possible.conviction_date)
                    end
        end as earliest_due_date,
        -- The files do not record releases; the release was no later than the end of the longest possible custody.
        cast(possible.conviction_date + to_days(cast(possible.longest_custody_days as integer)) as date)
            as released_by_date
    from possible
    inner join rules on possible.statute_id = rules.statute_id
    -- A law that came into force after the conviction cannot be its meaning.
    where possible.conviction_date is null or rules.in_force_from <= possible.conviction_date

),

dated as (

    select
        *,
        case
            when destruction_rule <> 'two_years_after_conviction_or_release' then earliest_due_date
            when released_by_date is not null then greatest({{ years_after('released_by_date', 2) }}, {{ prop_64 }})
        end as latest_due_date,
        destruction_rule = 'eighteenth_birthday' and coalesce(offense_date >= eighteenth_birthday, false)
            as is_of_another_age
    from readings

),

-- 11357(e) is about people under 18. This meaning is dropped for a person who was 18 or older, unless no other meaning
-- remains.
left_over as (

    select * from dated
    qualify not is_of_another_age or bool_and(is_of_another_age) over (partition by conviction_key)

),

answered as (

    select
        *,
        case when earliest_due_date = latest_due_date then earliest_due_date end as due_date,
        case
            when destruction_rule = 'not_subject' or conviction_date < {{ first_day_of_the_law }} then 'not_subject'
            when destruction_rule = 'not_subject_at_18' and is_at_18 then 'not_subject'
            when is_not_the_offense_itself or (asks_age and is_at_18 is distinct from true) then 'cannot_tell'
            when latest_due_date <= evaluated_as_of_date then 'due'
            when earliest_due_date > evaluated_as_of_date then 'not_yet_due'
            else 'cannot_tell'
        end as status,
        case
            when asks_age and not is_at_18 then 'law_not_in_sources'
            when is_not_the_offense_itself then 'attempt_conspiracy_or_accessory'
            when asks_age and is_at_18 is null and eighteenth_birthday is not null then 'age_at_offense'
            when asks_age and is_at_18 is null then 'birth_date_missing'
            when destruction_rule <> 'eighteenth_birthday' and conviction_date is null then 'conviction_date_missing'
            when destruction_rule = 'two_years_after_conviction_or_release' then 'release_day_unknown'
            when eighteenth_birthday is null then 'birth_date_missing'
            when coalesce(offense_date, conviction_date) is null then 'conviction_date_missing'
            else 'age_at_offense'
        end as reason_untold
    from left_over

),

answers as (

    select
        conviction_key,
        count(distinct status) as statuses,
        any_value(status) as status,
        min(case when status = 'cannot_tell' then reason_untold end) as reason_untold,
        -- The day is given only where all remaining meanings give the same day.
        case when count(distinct due_date) = 1 and count(due_date) = count(*) then any_value(due_date) end as due_date,
        case when count(distinct destruction_rule) = 1 then any_value(destruction_rule) end as destruction_rule,
        string_agg(distinct citation, '; ' order by citation) as citation
    from answered
    group by conviction_key

),

final as (

    select
        asked.conviction_key,
        case when answers.statuses = 1 and answers.status in ('due', 'not_yet_due') then answers.due_date end
            as destroy_due_date,
        case
            when asked.meaning_reason = 'not_a_cannabis_section' then 'not_subject'
            when answers.statuses = 1 then answers.status
            else 'cannot_tell'
        end as destruction_status,
        case
            when asked.meaning_reason = 'not_a_cannabis_section' then null
            when asked.is_offense_later then 'offense_later_than_conviction'
            when answers.statuses = 1 then answers.reason_untold
            else coalesce(asked.meaning_reason, 'meaning_not_on_that_date')
        end as cannot_tell_reason,
        case when answers.statuses = 1 and answers.status in ('due', 'not_yet_due') then answers.destruction_rule end
            as destruction_rule,
        case when answers.statuses = 1 and answers.status in ('due', 'not_yet_due') then answers.citation end
            as citation
    from asked
    left join answers on asked.conviction_key = answers.conviction_key

)

select * from final
