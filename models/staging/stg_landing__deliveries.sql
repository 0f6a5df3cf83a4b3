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
        layout,
        -- Data folders that were made before layouts named a county contain only files of this county's court.
        coalesce({{ county_of('county_name') }}, case when source = 'la_court' then 'LOS ANGELES' end) as county_name,
        is_synthetic
    from {{ source('landing', 'deliveries') }}

)

select * from final
