with deliveries as (

    select * from {{ source('landing', 'deliveries') }}

),

rejects as (

    select
        delivery_id,
        count(distinct record_no) as rejects_kept
    from {{ source('landing', 'rejects') }}
    group by delivery_id

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
        coalesce(rows_by_delivery.rows_in_raw, 0) as rows_in_raw,
        coalesce(
            deliveries.records = deliveries.loaded + deliveries.rejected
            and deliveries.rejected = coalesce(rejects.rejects_kept, 0)
            -- The rows of a superseded delivery are kept aside; in use they would be counted twice.
            and coalesce(rows_by_delivery.rows_in_raw, 0)
            = case when deliveries.status = 'landed' then deliveries.loaded else 0 end,
            false
        ) as is_reconciled,
        deliveries.status,
        deliveries.is_synthetic
    from deliveries
    left join rejects on deliveries.delivery_id = rejects.delivery_id
    left join rows_by_delivery on deliveries.delivery_id = rows_by_delivery.delivery_id

)

select * from final
