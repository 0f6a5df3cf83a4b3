{#
    A part of a sentence that is served in jail or prison, and a part that may be: its place is missing, or is neither
    a fine nor probation.
#}
{% set place = "upper(coalesce(sentence_place_name, ''))" %}
{% set is_custody = "(" ~ place ~ " like '%JAIL%' or " ~ place ~ " like '%PRISON%')" %}
{% set is_perhaps_custody = "(" ~ place ~ " not like '%FINE%' and " ~ place ~ " not like '%PROB%')" %}
{% set length = "coalesce(sentence_length, 0)" %}
{% set months = "case sentence_unit when 'months' then 1 when 'years' then 12 else 0 end * " ~ length %}
{% set days = "case sentence_unit when 'days' then 1 else 0 end * " ~ length %}

-- People whose convictions are filed first: those in custody, as far as the files show, and those with a pending
-- petition.
with convictions as (

    select
        conviction_key,
        person_key,
        doj_conviction_key,
        court_conviction_key,
        conviction_date
    from {{ ref('int_identity__convictions') }}

),

persons as (

    select * from {{ ref('int_identity__persons') }}

),

context as (

    select evaluated_as_of_date from {{ ref('stg_landing__build_context') }}

),

doj_parts as (

    select
        doj_conviction_key,
        count(*) filter (where {{ is_perhaps_custody }}) as perhaps_custody_parts,
        bool_and(is_sentence_readable) filter (where {{ is_perhaps_custody }}) as is_custody_readable,
        max({{ months }}) filter (where {{ is_custody }}) as longest_custody_months,
        max({{ days }}) filter (where {{ is_custody }}) as longest_custody_days,
        sum({{ months }}) filter (where {{ is_perhaps_custody }}) as custody_months,
        sum({{ days }}) filter (where {{ is_perhaps_custody }}) as custody_days
    from {{ ref('int_convictions__sentence_parts') }}
    where doj_conviction_key is not null
    group by doj_conviction_key

),

court_parts as (

    select
        court_convictions.court_conviction_key,
        court_sentences.perhaps_custody_parts,
        court_sentences.is_custody_readable,
        court_sentences.longest_custody_months,
        court_sentences.longest_custody_days,
        court_sentences.custody_months,
        court_sentences.custody_days
    from {{ ref('int_convictions__court') }} as court_convictions
    inner join {{ ref('int_court__sentences') }} as court_sentences
        on
            court_convictions.case_defendant_key = court_sentences.case_defendant_key
            and court_convictions.file_count_number = court_sentences.count_number

),

-- The court's file is used where the conviction is not in the DOJ's file.
parts as (

    select
        convictions.person_key,
        convictions.conviction_date,
        doj_parts.* exclude (doj_conviction_key)
    from convictions
    inner join doj_parts on convictions.doj_conviction_key = doj_parts.doj_conviction_key
    where doj_parts.perhaps_custody_parts > 0
    union all
    select
        convictions.person_key,
        convictions.conviction_date,
        court_parts.* exclude (court_conviction_key)
    from convictions
    inner join court_parts on convictions.court_conviction_key = court_parts.court_conviction_key
    where convictions.doj_conviction_key is null and court_parts.perhaps_custody_parts > 0

),

-- The parts of a sentence may run at the same time or one after another. The first end is that of the longest part
-- alone, the last end that of all parts one after another. A length of more than a hundred years is a typing error.
terms as (

    select
        person_key,
        conviction_date,
        case
            when longest_custody_months <= 1200 and longest_custody_days <= 36525
                then
                    cast(
                        greatest(
                            {{ calendar_end('conviction_date', 'longest_custody_months', '0') }},
                            {{ calendar_end('conviction_date', '0', 'longest_custody_days') }}
                        ) as date
                    )
        end as first_end_date,
        case
            when is_custody_readable and custody_months <= 1200 and custody_days <= 36525
                then cast({{ calendar_end('conviction_date', 'custody_months', 'custody_days') }} as date)
        end as last_end_date
    from parts

),

unfinished as (

    select
        terms.person_key,
        bool_or(
            terms.conviction_date <= context.evaluated_as_of_date
            and terms.first_end_date > context.evaluated_as_of_date
        ) as is_surely_unfinished,
        bool_or(coalesce(terms.last_end_date > context.evaluated_as_of_date, true)) as is_perhaps_unfinished
    from terms
    cross join context
    group by terms.person_key

),

custody_events as (

    select
        events.subject_key as person_key,
        bool_or(terms.person_key is null) as has_event_without_end
    from {{ ref('int_criminal_history__events') }} as events
    -- A stay in custody that began within a recorded term ended when that term ended, or earlier.
    left join terms
        on
            events.subject_key = terms.person_key
            and events.event_date between terms.conviction_date and terms.last_end_date
    where events.event_type = 'custody'
    group by events.subject_key

),

petitions as (

    select
        convictions.person_key,
        bool_or(outcomes.is_petition_pending) as is_any_pending,
        bool_or(outcomes.is_petition_pending is null) as is_any_unknown
    from {{ ref('int_orders__outcomes') }} as outcomes
    inner join convictions on outcomes.conviction_key = convictions.conviction_key
    group by convictions.person_key

),

deliveries as (

    select count(*) > 0 as is_delivered
    from {{ ref('stg_landing__deliveries') }}
    where source = 'relief_events' and status = 'landed'

),

final as (

    select
        persons.person_key,
        case
            when unfinished.is_surely_unfinished then 'yes'
            when unfinished.is_perhaps_unfinished then 'unknown'
            when custody_events.has_event_without_end then 'unknown'
            when not persons.is_in_doj_file then 'unknown'
            else 'no'
        end as in_custody,
        case
            when unfinished.is_surely_unfinished then 'a jail or prison part ends after the day of evaluation'
            when unfinished.is_perhaps_unfinished
                then 'a jail or prison part whose end cannot be told or hangs on how parts run'
            when custody_events.has_event_without_end
                then 'a custody step in the DOJ file that no sentence on record ends'
            when not persons.is_in_doj_file then 'only the court file has the person: no full history'
            else 'every jail and prison part on record ended before the day of evaluation'
        end as in_custody_basis,
        case
            when not deliveries.is_delivered then 'unknown'
            when petitions.is_any_pending then 'yes'
            when petitions.is_any_unknown then 'unknown'
            else 'no'
        end as has_pending_petition
    from persons
    cross join deliveries
    left join unfinished on persons.person_key = unfinished.person_key
    left join custody_events on persons.person_key = custody_events.person_key
    left join petitions on persons.person_key = petitions.person_key

)

select * from final
