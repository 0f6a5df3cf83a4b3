with convictions as (

    select * from {{ ref('int_identity__linkable_convictions') }}

),

links as (

    select * from {{ ref('int_identity__conviction_links') }}

),

person_pairs as (

    select * from {{ ref('int_identity__person_pairs') }}

),

probable_pairs as (

    select * from {{ ref('int_identity__probable_pairs') }}
    where comparison in ('too_little_evidence', 'several_persons', 'given_name_differs', 'contradicted')

),

decided_different as (

    select
        doj_conviction_key,
        court_conviction_key
    from {{ ref('int_identity__decided_links') }}
    where decision_type = 'count_link' and decision_status = 'in_force' and verdict = 'different'

),

known_case_numbers as (

    select distinct case_number from {{ ref('int_court__cases') }}

),

doj_left as (

    select convictions.*
    from convictions
    left join links on convictions.source_conviction_key = links.doj_conviction_key
    where convictions.source = 'ca_doj' and convictions.is_county_possible and links.doj_conviction_key is null

),

court_left as (

    select convictions.*
    from convictions
    left join links on convictions.source_conviction_key = links.court_conviction_key
    where convictions.source = 'la_court' and links.court_conviction_key is null

),

same_case as (

    select
        doj_left.source_conviction_key as doj_conviction_key,
        court_left.source_conviction_key as court_conviction_key,
        case
            when person_pairs.comparison <> 'same_person' then person_pairs.comparison
            when doj_left.charge_identity is null or court_left.charge_identity is null then 'charge_unknown'
            else 'section_differs'
        end as reason
    from person_pairs
    inner join doj_left
        on person_pairs.subject_key = doj_left.person_key and person_pairs.case_number = doj_left.case_number
    inner join court_left on person_pairs.case_defendant_key = court_left.case_defendant_key
    where
        person_pairs.comparison not in ('another_fits_better', 'decided_different')
        and (
            doj_left.charge_identity = court_left.charge_identity
            or (
                person_pairs.comparison = 'same_person'
                and (
                    doj_left.charge_identity is null
                    or court_left.charge_identity is null
                    or (doj_left.is_about_cannabis and court_left.is_about_cannabis)
                )
            )
        )

),

-- Pairs of counts of one section, with similar case numbers or dates, whose persons are or may be the same.
perhaps_one_person as (

    select
        doj_left.source_conviction_key as doj_conviction_key,
        court_left.source_conviction_key as court_conviction_key,
        'several_cases_alike' as reason
    from doj_left
    inner join court_left on doj_left.person_key = court_left.person_key
    union all
    select
        doj_left.source_conviction_key as doj_conviction_key,
        court_left.source_conviction_key as court_conviction_key,
        'person_' || probable_pairs.comparison as reason
    from probable_pairs
    inner join doj_left on probable_pairs.subject_key = doj_left.person_key
    inner join court_left on probable_pairs.case_defendant_key = court_left.case_defendant_key

),

alike as (

    select
        perhaps_one_person.doj_conviction_key,
        perhaps_one_person.court_conviction_key,
        case
            when
                perhaps_one_person.reason = 'several_cases_alike'
                and doj_left.conviction_date = court_left.conviction_date
                then 'several_cases_on_one_day'
            else perhaps_one_person.reason
        end as reason
    from perhaps_one_person
    inner join doj_left on perhaps_one_person.doj_conviction_key = doj_left.source_conviction_key
    inner join court_left on perhaps_one_person.court_conviction_key = court_left.source_conviction_key
    -- A case number that is in the court's records identifies that case and no other.
    left join known_case_numbers on doj_left.case_number = known_case_numbers.case_number
    left join same_case
        on
            doj_left.source_conviction_key = same_case.doj_conviction_key
            and court_left.source_conviction_key = same_case.court_conviction_key
    where
        same_case.doj_conviction_key is null
        and (known_case_numbers.case_number is null or doj_left.case_number = court_left.case_number)
        and doj_left.charge_identity = court_left.charge_identity
        and doj_left.county_name = court_left.county_name
        and (
            abs(date_diff('day', doj_left.conviction_date, court_left.conviction_date)) <= 31
            or {{ case_number_digits('doj_left.case_number') }}
            = {{ case_number_digits('court_left.case_number') }}
            or {{ one_edit_apart('doj_left.case_number', 'court_left.case_number') }}
        )

),

waiting as (

    select * from same_case
    union all
    select
        doj_conviction_key,
        court_conviction_key,
        min(reason) as reason
    from alike
    group by doj_conviction_key, court_conviction_key

),

final as (

    select waiting.*
    from waiting
    left join decided_different
        on
            waiting.doj_conviction_key = decided_different.doj_conviction_key
            and waiting.court_conviction_key = decided_different.court_conviction_key
    where decided_different.doj_conviction_key is null

)

select * from final
