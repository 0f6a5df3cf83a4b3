-- A SUBJECT_ID is valid only within one file. For a subject without a CII number, the name, birth date and counts show
-- whether two files describe the same person.
with history_rows as (

    select
        delivery_id,
        row_no,
        subject_id,
        cii_number,
        subject_name,
        birth_date,
        is_count_order_valid,
        count_order,
        upper(ofn) as case_number,
        upper(trim(charge_text)) as charge_text,
        event_date
    from {{ ref('stg_ca_doj__criminal_history_rows') }}
    where subject_id <> ''

),

delivery_ranks as (

    select
        delivery_id,
        row_number() over (order by as_of_date desc, landed_at desc, delivery_id desc) as delivery_rank
    from {{ ref('stg_landing__deliveries') }}

),

without_number as (

    select
        delivery_id,
        subject_id
    from history_rows
    group by delivery_id, subject_id
    having max(cii_number) is null

),

rows_without_number as (

    select history_rows.*
    from history_rows
    inner join without_number
        on history_rows.delivery_id = without_number.delivery_id and history_rows.subject_id = without_number.subject_id

),

-- Pairs of subjects in two deliveries who share a case number, charge and date.
pairs as (

    select
        ours.delivery_id,
        ours.subject_id,
        others.delivery_id as other_delivery_id,
        others.subject_id as other_subject_id
    from rows_without_number as ours
    inner join history_rows as others
        on
            ours.case_number = others.case_number
            and ours.charge_text = others.charge_text
            and ours.event_date = others.event_date
    where ours.delivery_id <> others.delivery_id
    group by ours.delivery_id, ours.subject_id, others.delivery_id, others.subject_id

),

paired_subjects as (

    select
        delivery_id,
        subject_id
    from pairs
    union
    select
        other_delivery_id as delivery_id,
        other_subject_id as subject_id
    from pairs

),

paired_rows as (

    select history_rows.*
    from history_rows
    inner join paired_subjects
        on
            history_rows.delivery_id = paired_subjects.delivery_id
            and history_rows.subject_id = paired_subjects.subject_id

),

people as (

    select
        delivery_id,
        subject_id,
        {{ comparable_name("first(subject_name order by row_no) filter (where subject_name is not null)") }}
            as comparable_name,
        first(birth_date order by row_no) filter (where birth_date is not null) as birth_date,
        min(row_no) as first_row_no
    from paired_rows
    group by delivery_id, subject_id

),

-- Count numbers that both subjects have. is_same is false where no row of one subject has the same content as a row of
-- the other subject.
counts as (

    select
        pairs.delivery_id,
        pairs.subject_id,
        pairs.other_delivery_id,
        pairs.other_subject_id,
        ours.count_order,
        bool_or(
            ours.case_number is not distinct from others.case_number
            and ours.charge_text is not distinct from others.charge_text
            and ours.event_date is not distinct from others.event_date
        ) as is_same
    from pairs
    inner join paired_rows as ours on pairs.delivery_id = ours.delivery_id and pairs.subject_id = ours.subject_id
    inner join paired_rows as others
        on
            pairs.other_delivery_id = others.delivery_id
            and pairs.other_subject_id = others.subject_id
            and ours.count_order = others.count_order
    where ours.is_count_order_valid
    group by
        pairs.delivery_id, pairs.subject_id, pairs.other_delivery_id, pairs.other_subject_id, ours.count_order

),

contradicted as (

    select distinct
        delivery_id,
        subject_id,
        other_delivery_id,
        other_subject_id
    from counts
    where not is_same

),

compared as (

    select
        pairs.*,
        ours.first_row_no,
        others.first_row_no as other_first_row_no,
        coalesce(ours.comparable_name = others.comparable_name, false) as is_name_equal,
        coalesce(ours.birth_date = others.birth_date, false) as is_birth_date_equal,
        contradicted.subject_id is not null as is_contradicted,
        ranks.delivery_rank > other_ranks.delivery_rank as is_older
    from pairs
    inner join people as ours on pairs.delivery_id = ours.delivery_id and pairs.subject_id = ours.subject_id
    inner join people as others
        on pairs.other_delivery_id = others.delivery_id and pairs.other_subject_id = others.subject_id
    inner join delivery_ranks as ranks on pairs.delivery_id = ranks.delivery_id
    inner join delivery_ranks as other_ranks on pairs.other_delivery_id = other_ranks.delivery_id
    left join contradicted
        on
            pairs.delivery_id = contradicted.delivery_id
            and pairs.subject_id = contradicted.subject_id
            and pairs.other_delivery_id = contradicted.other_delivery_id
            and pairs.other_subject_id = contradicted.other_subject_id

),

-- A subject with a different name and a different birth date is another person convicted in the same case.
alike as (

    select
        *,
        count(*) over (partition by delivery_id, subject_id, other_delivery_id) as others_of_subject,
        count(*) over (partition by other_delivery_id, other_subject_id, delivery_id) as subjects_of_other
    from compared
    where is_name_equal or is_birth_date_equal

),

final as (

    select
        delivery_id,
        subject_id,
        other_delivery_id,
        other_subject_id,
        first_row_no,
        other_first_row_no,
        is_older,
        case
            when others_of_subject > 1 or subjects_of_other > 1 then 'several_persons'
            when not is_name_equal then 'name_differs'
            when not is_birth_date_equal then 'birth_date_differs'
            when is_contradicted then 'counts_differ'
            else 'same_person'
        end as comparison
    from alike

)

select * from final
