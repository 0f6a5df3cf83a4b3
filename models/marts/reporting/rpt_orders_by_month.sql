with convictions as (

    select * from {{ ref('fct_convictions') }}
    where wave_number is not null and is_dismissed_by_order

),

waves as (

    select distinct
        wave_number,
        unit
    from {{ ref('progress_stages') }}

),

-- The first wave is counted in convictions and the second in cases, as they were announced. A case is counted in the
-- month of its first order.
counted_things as (

    select
        convictions.wave_number,
        waves.unit,
        case waves.unit when 'cases' then convictions.case_key else convictions.conviction_key end as thing_key,
        min(convictions.relief_order_date) as first_order_date
    from convictions
    inner join waves on convictions.wave_number = waves.wave_number
    group by all

),

months as (

    select
        wave_number,
        unit,
        cast(date_trunc('month', first_order_date) as date) as order_month,
        count(*) as ordered
    from counted_things
    group by all

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

final as (

    select
        months.wave_number,
        months.unit,
        months.order_month,
        months.ordered,
        cast(
            sum(months.ordered) over (
                partition by months.wave_number
                order by months.order_month asc nulls last
                rows between unbounded preceding and current row
            ) as bigint
        ) as ordered_so_far,
        context.extract_as_of_date,
        context.is_synthetic
    from months
    cross join context

)

select * from final
