with deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

rejects as (

    select
        delivery_id,
        count(distinct record_no) as rejects_kept
    from {{ ref('stg_landing__rejects') }}
    group by delivery_id

),

closed_rejects as (

    select
        delivery_id,
        record_no,
        max(case when outcome = 'repaired' then 1 else 0 end) as is_repaired,
        max(case when outcome = 'dropped' then 1 else 0 end) as is_dropped,
        count(*) as times_closed
    from {{ ref('stg_landing__reject_repairs') }}
    where outcome in ('repaired', 'dropped')
    group by delivery_id, record_no

),

repairs as (

    select
        closed_rejects.delivery_id,
        sum(closed_rejects.is_repaired) as repaired,
        sum(closed_rejects.is_dropped) as dropped,
        -- A reject closed twice, or a record closed without having been rejected, would count a person twice.
        sum(case when closed_rejects.times_closed > 1 or rejects.record_no is null then 1 else 0 end) as closed_wrongly
    from closed_rejects
    left join {{ ref('stg_landing__rejects') }} as rejects
        on
            closed_rejects.delivery_id = rejects.delivery_id
            and closed_rejects.record_no = rejects.record_no
    group by closed_rejects.delivery_id

),

rows_by_delivery as (

    select
        delivery_id,
        count(*) as rows_in_raw
    from (
        select delivery_id from {{ ref('stg_ca_doj__criminal_history_rows') }}
        union all
        select delivery_id from {{ ref('stg_la_court__cases') }}
        union all
        select delivery_id from {{ ref('stg_la_court__counts') }}
        union all
        select delivery_id from {{ ref('stg_la_court__sentences') }}
        union all
        select delivery_id from {{ ref('stg_relief_events__events') }}
        union all
        select delivery_id from {{ ref('stg_review_decisions__decisions') }}
    ) as every_row
    group by delivery_id

),

final as (

    select
        deliveries.delivery_id,
        deliveries.source,
        deliveries.table_name,
        deliveries.as_of_date,
        deliveries.as_of_given,
        deliveries.landed_at,
        deliveries.records,
        deliveries.loaded,
        deliveries.rejected,
        cast(coalesce(repairs.repaired, 0) as bigint) as repaired,
        cast(coalesce(repairs.dropped, 0) as bigint) as dropped,
        cast(deliveries.rejected - coalesce(repairs.repaired, 0) - coalesce(repairs.dropped, 0) as bigint)
            as open_rejects,
        coalesce(rows_by_delivery.rows_in_raw, 0) as rows_in_raw,
        coalesce(
            deliveries.records = deliveries.loaded + deliveries.rejected
            and deliveries.rejected = coalesce(rejects.rejects_kept, 0)
            and coalesce(repairs.closed_wrongly, 0) = 0
            -- The models must read no row of a superseded delivery, because its people would be counted twice.
            and coalesce(rows_by_delivery.rows_in_raw, 0)
            = case when deliveries.status = 'landed' then deliveries.loaded + coalesce(repairs.repaired, 0) else 0 end,
            false
        ) as is_reconciled,
        deliveries.status,
        deliveries.is_synthetic
    from deliveries
    left join rejects on deliveries.delivery_id = rejects.delivery_id
    left join repairs on deliveries.delivery_id = repairs.delivery_id
    left join rows_by_delivery on deliveries.delivery_id = rows_by_delivery.delivery_id

)

select * from final
