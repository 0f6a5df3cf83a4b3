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

-- A CII number identifies a person only if, in every file, the number belongs to a single subject who has no other CII
-- number.
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
        -- Each subject has at most one number here: if a subject has several CII numbers, all of them count as shared
        -- and are left out.
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

keyed as (

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

),

-- A subject without a CII number is the same person as a subject of another delivery with the same name, birth date and
-- counts. Of several such subjects, one with a CII number is preferred, then the one in the newest delivery.
partners as (

    select
        pairs.delivery_id,
        pairs.subject_id,
        first(others.subject_key order by others.cii_number nulls last, others.delivery_rank) as subject_key,
        first(others.cii_number order by others.cii_number nulls last, others.delivery_rank) as cii_number,
        min(others.delivery_rank) as delivery_rank,
        count(distinct others.cii_number) as cii_numbers
    from {{ ref('int_criminal_history__subject_pairs') }} as pairs
    inner join keyed as others
        on pairs.other_delivery_id = others.delivery_id and pairs.other_subject_id = others.subject_id
    where pairs.comparison = 'same_person'
    group by pairs.delivery_id, pairs.subject_id

),

-- A subject who matches two CII numbers gets neither of them.
merged as (

    select
        keyed.subject_key as own_key,
        partners.subject_key,
        partners.cii_number
    from partners
    inner join keyed on partners.delivery_id = keyed.delivery_id and partners.subject_id = keyed.subject_id
    where
        keyed.cii_number is null
        and partners.cii_numbers <= 1
        and (partners.cii_number is not null or partners.delivery_rank < keyed.delivery_rank)

),

final as (

    select
        keyed.delivery_id,
        keyed.subject_id,
        coalesce(keyed.cii_number, further.cii_number, merged.cii_number) as cii_number,
        -- The matched subject may in turn match a subject in a newer delivery.
        coalesce(further.subject_key, merged.subject_key, keyed.subject_key) as subject_key,
        keyed.as_of_date,
        keyed.delivery_rank
    from keyed
    left join merged on keyed.subject_key = merged.own_key
    left join merged as further on merged.subject_key = further.own_key

)

select * from final
