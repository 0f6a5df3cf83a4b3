-- The day up to which events are reported. Waits are counted until this day, and not until the day of the run.
with deliveries as (

    select max(as_of_date) as events_as_of_date
    from {{ ref('stg_landing__deliveries') }}
    where source = 'relief_events' and status = 'landed'

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

final as (

    select
        cast(coalesce(deliveries.events_as_of_date, context.evaluated_as_of_date) as date) as lifecycle_as_of_date,
        deliveries.events_as_of_date is not null as is_events_delivered,
        cast(context.evaluated_as_of_date as date) as evaluated_as_of_date,
        cast(context.extract_as_of_date as date) as extract_as_of_date,
        context.is_synthetic
    from deliveries
    cross join context

)

select * from final
