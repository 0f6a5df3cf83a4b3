-- An attorney's decision overrides the files.
with decisions as (

    select
        doj_conviction_key,
        court_conviction_key,
        verdict
    from {{ ref('int_identity__decided_links') }}
    where decision_type = 'count_link' and decision_status = 'in_force'

),

decided_same as (

    select
        doj_conviction_key,
        court_conviction_key
    from decisions
    where verdict = 'same'

),

decided_different as (

    select
        doj_conviction_key,
        court_conviction_key
    from decisions
    where verdict = 'different'

),

decided_counts as (

    select doj_conviction_key as source_conviction_key from decided_same
    union all
    select court_conviction_key as source_conviction_key from decided_same

),

convictions as (

    select linkable.*
    from {{ ref('int_identity__linkable_convictions') }} as linkable
    left join decided_counts on linkable.source_conviction_key = decided_counts.source_conviction_key
    where decided_counts.source_conviction_key is null

),

same_person as (

    select * from {{ ref('int_identity__person_pairs') }}
    where comparison = 'same_person'

),

-- Counts are first linked by case number: counts of the same section in one case of a person are paired in count order.
doj_in_case as (

    select
        *,
        row_number() over (partition by person_key, case_number, charge_identity order by count_order) as count_rank
    from convictions
    where source = 'ca_doj' and is_county_possible and case_number is not null and charge_identity is not null

),

court_in_case as (

    select
        *,
        row_number() over (partition by case_defendant_key, charge_identity order by count_order) as count_rank
    from convictions
    where source = 'la_court' and charge_identity is not null

),

linked_by_case as (

    select
        doj_in_case.source_conviction_key as doj_conviction_key,
        court_in_case.source_conviction_key as court_conviction_key,
        'case_number' as link_basis,
        same_person.evidence = 0 and not same_person.is_decided as is_weak
    from same_person
    inner join doj_in_case
        on same_person.subject_key = doj_in_case.person_key and same_person.case_number = doj_in_case.case_number
    inner join court_in_case
        on
            same_person.case_defendant_key = court_in_case.case_defendant_key
            and doj_in_case.charge_identity = court_in_case.charge_identity
            and doj_in_case.count_rank = court_in_case.count_rank
    left join decided_different
        on
            doj_in_case.source_conviction_key = decided_different.doj_conviction_key
            and court_in_case.source_conviction_key = decided_different.court_conviction_key
    where decided_different.doj_conviction_key is null

),

-- Counts whose case number is missing or misspelled are then linked by person, section, and date or similar number. A
-- case number that is in the court's records identifies only that case, unless the case certainly belongs to another
-- person.
known_case_numbers as (

    select distinct case_number from {{ ref('int_court__cases') }}

),

cases_of_others as (

    select
        subject_key,
        case_number
    from {{ ref('int_identity__person_pairs') }}
    group by subject_key, case_number
    having
        bool_and(
            comparison in ('cii_differs', 'name_and_birth_date_differ', 'another_fits_better', 'decided_different')
        )

),

doj_left as (

    select convictions.*
    from convictions
    left join linked_by_case on convictions.source_conviction_key = linked_by_case.doj_conviction_key
    left join known_case_numbers on convictions.case_number = known_case_numbers.case_number
    left join cases_of_others
        on
            convictions.person_key = cases_of_others.subject_key
            and convictions.case_number = cases_of_others.case_number
    where
        convictions.source = 'ca_doj'
        and convictions.is_county_possible
        and linked_by_case.doj_conviction_key is null
        and (known_case_numbers.case_number is null or cases_of_others.case_number is not null)

),

court_left as (

    select convictions.*
    from convictions
    left join linked_by_case on convictions.source_conviction_key = linked_by_case.court_conviction_key
    where convictions.source = 'la_court' and linked_by_case.court_conviction_key is null

),

-- Pairs of counts of one person and section, with what their case numbers and dates show.
compared as (

    select
        doj_left.step_key as doj_step_key,
        court_left.step_key as court_step_key,
        doj_left.person_key,
        doj_left.charge_identity,
        case
            when doj_left.case_number is null then 'unknown'
            when
                doj_left.case_number = court_left.case_number
                or {{ case_number_digits('doj_left.case_number') }}
                = {{ case_number_digits('court_left.case_number') }}
                or left(regexp_extract({{ case_number_digits('doj_left.case_number') }}, '^[0-9]+$'), 6)
                = {{ case_number_digits('court_left.case_number') }}
                then 'same_digits'
            when {{ one_edit_apart('doj_left.case_number', 'court_left.case_number') }} then 'alike'
            else 'differs'
        end as number_relation,
        abs(date_diff('day', doj_left.conviction_date, court_left.conviction_date)) as days_apart
    from doj_left
    inner join court_left
        on
            doj_left.person_key = court_left.person_key
            and doj_left.charge_identity = court_left.charge_identity
            and doj_left.county_name = court_left.county_name

),

bases as (

    select
        *,
        case
            when number_relation = 'same_digits' then 1
            when days_apart = 0 then 2
            when days_apart <= 31 and number_relation in ('alike', 'unknown') then 3
            when number_relation = 'alike' then 4
        end as basis
    from compared

),

-- The best matching case for each case; a case that matches two others equally well is left for review.
step_pairs as (

    select
        person_key,
        charge_identity,
        doj_step_key,
        court_step_key,
        min(basis) as basis,
        -- Two case numbers with equal digits but different letters may come from two courts; two different case numbers
        -- may be two cases on one day.
        bool_or(
            (basis = 1 and coalesce(days_apart > 31, false))
            or (basis = 2 and number_relation = 'differs')
            or (basis = 3 and number_relation = 'unknown')
            or basis = 4
        ) as is_weak
    from bases
    where basis is not null
    group by person_key, charge_identity, doj_step_key, court_step_key

),

ranked_pairs as (

    select
        *,
        min(basis) over (partition by person_key, doj_step_key, charge_identity) as best_of_step,
        min(basis) over (partition by court_step_key, charge_identity) as best_of_court
    from step_pairs

),

best_pairs as (

    select
        *,
        count(*) over (partition by person_key, doj_step_key, charge_identity) as courts_of_step,
        count(*) over (partition by court_step_key, charge_identity) as steps_of_court
    from ranked_pairs
    where basis = best_of_step and basis = best_of_court

),

doj_in_step as (

    select
        *,
        row_number() over (partition by person_key, step_key, charge_identity order by count_order) as count_rank
    from doj_left

),

court_in_step as (

    select
        *,
        row_number() over (partition by step_key, charge_identity order by count_order) as count_rank
    from court_left

),

linked_by_person as (

    select
        doj_in_step.source_conviction_key as doj_conviction_key,
        court_in_step.source_conviction_key as court_conviction_key,
        case best_pairs.basis
            when 1 then 'person_and_digits'
            when 2 then 'person_section_date'
            when 3 then 'person_section_near_date'
            else 'person_and_like_number'
        end as link_basis,
        best_pairs.is_weak
    from best_pairs
    inner join doj_in_step
        on
            best_pairs.doj_step_key = doj_in_step.step_key
            and best_pairs.person_key = doj_in_step.person_key
            and best_pairs.charge_identity = doj_in_step.charge_identity
    inner join court_in_step
        on
            best_pairs.court_step_key = court_in_step.step_key
            and best_pairs.charge_identity = court_in_step.charge_identity
            and doj_in_step.count_rank = court_in_step.count_rank
    left join decided_different
        on
            doj_in_step.source_conviction_key = decided_different.doj_conviction_key
            and court_in_step.source_conviction_key = decided_different.court_conviction_key
    where
        best_pairs.courts_of_step = 1
        and best_pairs.steps_of_court = 1
        and decided_different.doj_conviction_key is null

),

final as (

    select * from linked_by_case
    union all
    select * from linked_by_person
    union all
    select
        doj_conviction_key,
        court_conviction_key,
        'review_decision' as link_basis,
        false as is_weak
    from decided_same

)

select * from final
