with lifecycle as (

    select
        courthouse_key,
        case
            when waiting_status = 'visible' then 'visible'
            when current_stage in ('court_record_updated', 'reported_to_doj') then 'court_record_updated'
            when current_stage = 'order_entered' then 'entered'
            when current_stage = 'order_signed' then 'ordered'
            when waiting_status = 'unknown' then 'unknown'
            else 'not_ordered'
        end as standing
    from {{ ref('fct_relief_lifecycle') }}

),

clock as (

    select * from {{ ref('int_lifecycle__clock') }}

),

counted as (

    select
        coalesce(courthouse_key, 'all') as courthouse,
        coalesce(standing, 'all') as standing,
        count(*) as convictions
    from lifecycle
    group by cube(courthouse_key, standing)

),

final as (

    select
        counted.courthouse,
        counted.standing,
        'convictions' as unit,
        counted.convictions,
        cast(counted.convictions as double) / in_review.convictions as share,
        clock.lifecycle_as_of_date,
        clock.extract_as_of_date,
        clock.is_synthetic
    from counted
    inner join counted as in_review on counted.courthouse = in_review.courthouse and in_review.standing = 'all'
    cross join clock

)

select * from final
where convictions > 0
