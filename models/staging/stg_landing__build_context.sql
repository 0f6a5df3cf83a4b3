with deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}
    where status = 'landed'

),

final as (

    select
        {{ evaluated_county() }} as county_name,
        -- Events and decisions report what happened later, not what a record contains: they never change the day of
        -- evaluation.
        coalesce(
            {{ parse_iso_date("'" ~ var("evaluated_as_of") ~ "'") }},
            max(as_of_date) filter (where source in ('ca_doj', 'la_court'))
        ) as evaluated_as_of_date,
        max(as_of_date) filter (where source <> 'review_decisions') as extract_as_of_date,
        coalesce(bool_or(is_synthetic), false) as is_synthetic
    from deliveries

)

select * from final
