-- The DOJ rows that count: each person found, and each count taken from its newest delivery only.
with history_rows as (

    select * from {{ ref('stg_ca_doj__criminal_history_rows') }}

),

deliveries as (

    select
        delivery_id,
        as_of_date,
        landed_at
    from {{ ref('stg_landing__deliveries') }}

),

subject_identifiers as (

    select distinct
        delivery_id,
        subject_id,
        cii_number
    from history_rows
    where subject_id <> '' and cii_number is not null

),

subjects_with_several_numbers as (

    select
        delivery_id,
        subject_id
    from subject_identifiers
    group by delivery_id, subject_id
    having count(*) > 1

),

-- A CII number tells who someone is only where it names one subject, and the subject has no other, in every file.
shared_cii_numbers as (

    select cii_number
    from subject_identifiers
    group by delivery_id, cii_number
    having count(*) > 1
    union
    select all_of_subject.cii_number
    from subject_identifiers as all_of_subject
    inner join subjects_with_several_numbers as several
        on all_of_subject.delivery_id = several.delivery_id and all_of_subject.subject_id = several.subject_id

),

subjects as (

    select
        subject_identifiers.delivery_id,
        subject_identifiers.subject_id,
        subject_identifiers.cii_number
    from subject_identifiers
    left join shared_cii_numbers on subject_identifiers.cii_number = shared_cii_numbers.cii_number
    where shared_cii_numbers.cii_number is null

),

keyed as (

    select
        history_rows.* exclude (cii_number),
        subjects.cii_number,
        deliveries.as_of_date,
        case
            when subjects.cii_number is not null then 'cii:' || subjects.cii_number
            else 'subject:' || history_rows.delivery_id || ':' || history_rows.subject_id
        end as subject_key,
        dense_rank() over (
            order by deliveries.as_of_date desc, deliveries.landed_at desc, history_rows.delivery_id desc
        ) as delivery_rank
    from history_rows
    left join subjects
        on history_rows.delivery_id = subjects.delivery_id and history_rows.subject_id = subjects.subject_id
    left join deliveries on history_rows.delivery_id = deliveries.delivery_id
    where history_rows.subject_id <> ''

),

newest as (

    select
        subject_key,
        count_order,
        min(delivery_rank) as delivery_rank
    from keyed
    group by subject_key, count_order

),

final as (

    select keyed.*
    from keyed
    inner join newest
        on
            keyed.subject_key = newest.subject_key
            and keyed.count_order = newest.count_order
            and keyed.delivery_rank = newest.delivery_rank

)

select * from final
