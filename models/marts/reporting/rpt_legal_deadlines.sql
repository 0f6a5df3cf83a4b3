with deadlines as (

    select * from {{ ref('legal_deadlines') }}
    where deadline_date is not null

),

clock as (

    select * from {{ ref('int_lifecycle__clock') }}

),

-- A deadline can still be met on its last day, so it has passed only from the next day on.
final as (

    select
        deadlines.deadline_id,
        deadlines.title as deadline_title,
        cast(deadlines.deadline_date as date) as deadline_date,
        clock.lifecycle_as_of_date > deadlines.deadline_date as is_past,
        greatest(datediff('day', deadlines.deadline_date, clock.lifecycle_as_of_date), 0) as days_past,
        deadlines.citation,
        cast(clock.lifecycle_as_of_date as date) as lifecycle_as_of_date,
        clock.is_synthetic
    from deadlines
    cross join clock

)

select * from final
