with final as (

    select
        delivery_id,
        source,
        table_name,
        records,
        loaded,
        rejected,
        as_of_date,
        as_of_given,
        landed_at,
        status,
        is_synthetic
    from {{ source('landing', 'deliveries') }}

)

select * from final
