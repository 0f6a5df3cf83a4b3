-- The DOJ rows in use, with the person to whom each row belongs. Each count comes only from the newest delivery that
-- has it.
with history_rows as (

    select * from {{ ref('stg_ca_doj__criminal_history_rows') }}

),

subject_keys as (

    select * from {{ ref('int_criminal_history__subject_keys') }}

),

keyed as (

    select
        history_rows.* exclude (cii_number),
        subject_keys.cii_number,
        subject_keys.as_of_date,
        subject_keys.subject_key,
        subject_keys.delivery_rank
    from history_rows
    inner join subject_keys
        on history_rows.delivery_id = subject_keys.delivery_id and history_rows.subject_id = subject_keys.subject_id

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
