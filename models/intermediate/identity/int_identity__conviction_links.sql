-- What an attorney decided stands before what the files say.
with decisions as (

    select
        doj_conviction_key,
        court_conviction_key,
        verdict
    from {{ ref('int_decisions__links') }}
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

-- First by case number: counts of one section in one person's case are paired in count order.
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

known_case_numbers as (

    select distinct case_number from {{ ref('int_court__cases') }}

),

-- Then by person, section and date, for numbers that are missing or misspelled. A number that the court's records
-- hold names its own case, never another one.
doj_left as (

    select convictions.*
    from convictions
    left join linked_by_case on convictions.source_conviction_key = linked_by_case.doj_conviction_key
    left join known_case_numbers on convictions.case_number = known_case_numbers.case_number
    where
        convictions.source = 'ca_doj'
        and convictions.is_county_possible
        and linked_by_case.doj_conviction_key is null
        and known_case_numbers.case_number is null

),

court_left as (

    select convictions.*
    from convictions
    left join linked_by_case on convictions.source_conviction_key = linked_by_case.court_conviction_key
    where convictions.source = 'la_court' and linked_by_case.court_conviction_key is null

),

doj_on_date as (

    select
        *,
        row_number()
            over (partition by person_key, charge_identity, conviction_date order by count_order)
            as count_rank,
        min(step_key) over (partition by person_key, charge_identity, conviction_date)
        <> max(step_key) over (partition by person_key, charge_identity, conviction_date) as is_several_cases
    from doj_left

),

court_on_date as (

    select
        *,
        row_number()
            over (partition by person_key, charge_identity, conviction_date order by count_order)
            as count_rank,
        min(step_key) over (partition by person_key, charge_identity, conviction_date)
        <> max(step_key) over (partition by person_key, charge_identity, conviction_date) as is_several_cases
    from court_left

),

linked_by_date as (

    select
        doj_on_date.source_conviction_key as doj_conviction_key,
        court_on_date.source_conviction_key as court_conviction_key,
        'person_section_date' as link_basis,
        -- Two numbers that differ may be two cases that ended on one day.
        doj_on_date.case_number is not null as is_weak
    from doj_on_date
    inner join court_on_date
        on
            doj_on_date.person_key = court_on_date.person_key
            and doj_on_date.charge_identity = court_on_date.charge_identity
            and doj_on_date.conviction_date = court_on_date.conviction_date
            and doj_on_date.count_rank = court_on_date.count_rank
    left join decided_different
        on
            doj_on_date.source_conviction_key = decided_different.doj_conviction_key
            and court_on_date.source_conviction_key = decided_different.court_conviction_key
    where
        not doj_on_date.is_several_cases
        and not court_on_date.is_several_cases
        and decided_different.doj_conviction_key is null

),

final as (

    select * from linked_by_case
    union all
    select * from linked_by_date
    union all
    select
        doj_conviction_key,
        court_conviction_key,
        'review_decision' as link_basis,
        false as is_weak
    from decided_same

)

select * from final
