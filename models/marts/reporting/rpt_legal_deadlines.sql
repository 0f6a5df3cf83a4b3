with deadlines as (

    select * from {{ ref('legal_deadlines') }}
    where deadline_date is not null

),

clock as (

    select * from {{ ref('int_lifecycle__clock') }}

),

-- What is due on a day may still be done on that day, so the deadline has passed from the next day on.
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
