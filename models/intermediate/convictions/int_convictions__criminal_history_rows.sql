with history_rows as (

    select
        *,
        {{ count_key() }} as count_key
    from {{ ref('int_criminal_history__rows') }}

),

convictions as (

    select
        convictions.doj_conviction_key,
        history_rows.subject_key,
        history_rows.count_key,
        history_rows.is_count_order_valid,
        substr(history_rows.count_order, 1, 6) as cycle_step,
        substr(history_rows.count_order, 1, 3) as cycle_order
    from {{ ref('int_convictions__criminal_history') }} as convictions
    inner join history_rows
        on convictions.delivery_id = history_rows.delivery_id and convictions.row_no = history_rows.row_no

),

final as (

    select
        convictions.doj_conviction_key,
        history_rows.delivery_id,
        history_rows.row_no,
        case
            when history_rows.count_key = convictions.count_key then 'count'
            when substr(history_rows.count_order, 1, 6) = convictions.cycle_step then 'step'
            else 'cycle'
        end as reached_by
    from convictions
    inner join history_rows
        on
            convictions.subject_key = history_rows.subject_key
            and (
                convictions.count_key = history_rows.count_key
                or (
                    convictions.is_count_order_valid and history_rows.is_count_order_valid
                    and convictions.cycle_order = substr(history_rows.count_order, 1, 3)
                )
            )

)

select * from final
