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

subject_numbers as (

    select distinct
        delivery_id,
        subject_id,
        cii_number
    from history_rows
    where subject_id <> ''

),

subject_identifiers as (

    select * from subject_numbers
    where cii_number is not null

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
        subject_numbers.delivery_id,
        subject_numbers.subject_id,
        -- One at most is left: a subject's several numbers are all shared ones.
        max(case when shared_cii_numbers.cii_number is null then subject_numbers.cii_number end) as cii_number
    from subject_numbers
    left join shared_cii_numbers on subject_numbers.cii_number = shared_cii_numbers.cii_number
    group by subject_numbers.delivery_id, subject_numbers.subject_id

),

delivery_ranks as (

    select
        used.delivery_id,
        deliveries.as_of_date,
        row_number() over (
            order by deliveries.as_of_date desc, deliveries.landed_at desc, used.delivery_id desc
        ) as delivery_rank
    from (select distinct delivery_id from subjects) as used
    left join deliveries on used.delivery_id = deliveries.delivery_id

),

final as (

    select
        subjects.delivery_id,
        subjects.subject_id,
        subjects.cii_number,
        case
            when subjects.cii_number is not null then 'cii:' || subjects.cii_number
            else 'subject:' || subjects.delivery_id || ':' || subjects.subject_id
        end as subject_key,
        delivery_ranks.as_of_date,
        delivery_ranks.delivery_rank
    from subjects
    inner join delivery_ranks on subjects.delivery_id = delivery_ranks.delivery_id

)

select * from final
