-- A pair that is linked or decided does not wait; and the counts that wait for one are not asked about alone.
with reviews as (

    select * from {{ ref('fct_person_reviews') }}

),

person_links as (

    select * from {{ ref('int_identity__person_links') }}

),

settled as (

    select
        reviews.subject_key,
        reviews.case_defendant_key
    from reviews
    inner join person_links
        on
            reviews.case_defendant_key = person_links.case_defendant_key
            and reviews.subject_key = person_links.person_key
    union all
    select
        reviews.subject_key,
        reviews.case_defendant_key
    from reviews
    inner join {{ ref('int_identity__decided_links') }} as decided
        on
            reviews.subject_key = decided.subject_key
            and reviews.case_defendant_key = decided.case_defendant_key
    where
        decided.decision_type = 'person_link' and decided.decision_status = 'in_force'
        and decided.verdict in ('same', 'different')

),

counts_of_people as (

    select distinct
        doj.subject_key,
        court.case_defendant_key
    from {{ ref('int_identity__review_queue') }} as queue
    inner join {{ ref('int_convictions__criminal_history') }} as doj
        on queue.doj_conviction_key = doj.doj_conviction_key
    inner join {{ ref('int_convictions__court') }} as court
        on queue.court_conviction_key = court.court_conviction_key
    inner join person_links on court.case_defendant_key = person_links.case_defendant_key
    where
        person_links.link_basis in ('own_case', 'own_cii_number')
        and queue.reason not in (
            'charge_unknown', 'section_differs', 'several_cases_on_one_day', 'several_cases_alike'
        )

),

not_asked as (

    select counts_of_people.*
    from counts_of_people
    left join reviews
        on
            counts_of_people.subject_key = reviews.subject_key
            and counts_of_people.case_defendant_key = reviews.case_defendant_key
    where reviews.subject_key is null

)

select * from settled
union all
select * from not_asked
