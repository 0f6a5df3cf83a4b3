-- The effect of the events on each conviction. Only an order of a court is a dismissal; a determination never is.
with events as (

    select * from {{ ref('int_orders__event_matches') }}
    where match_status = 'matched'

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}
    where is_counted

),

orders as (

    select
        * exclude (event_date),
        -- An order that is dated before its conviction counts as an order, but its day is unknown.
        case when not coalesce(is_before_conviction, false) then event_date end as order_date,
        relief_type in ('dismissal', 'dismissal_and_sealing') as is_dismissal,
        row_number() over (
            partition by conviction_key
            order by
                case when relief_type in ('dismissal', 'dismissal_and_sealing') then 0 else 1 end,
                case when not coalesce(is_before_conviction, false) then event_date end nulls last,
                event_key
        ) as order_rank
    from events
    where
        event_type = 'order_signed'
        and relief_type in ('dismissal', 'dismissal_and_sealing', 'redesignation', 'resentencing')

),

-- The deciding order is the first dismissal; without a dismissal, the first other relief.
deciding_orders as (

    select * from orders
    where order_rank = 1

),

stages as (

    select
        conviction_key,
        bool_or(event_type = 'court_record_updated') as is_court_record_updated,
        bool_or(event_type = 'doj_updated') as is_doj_updated,
        bool_or(event_type = 'order_signed' and relief_type = 'redesignation') as is_redesignated
    from events
    group by conviction_key

),

joined as (

    select
        convictions.conviction_key,
        -- The two reviews covered convictions from before Proposition 64. A conviction with an order of dismissal
        -- counts whatever its date.
        convictions.is_county_cannabis
        and (
            convictions.conviction_date is null
            or convictions.conviction_date < date '2016-11-09'
            or coalesce(deciding_orders.is_dismissal, false)
        ) as is_in_review,
        convictions.doj_conviction_key,
        convictions.court_conviction_key,
        deciding_orders.order_date as relief_order_date,
        deciding_orders.relief_type,
        coalesce(deciding_orders.is_dismissal, false) as is_dismissed_by_order,
        coalesce(deciding_orders.is_named_by_court, false) as is_order_named_by_court,
        coalesce(stages.is_redesignated, false) as is_redesignated_by_order,
        coalesce(stages.is_court_record_updated, false) as is_court_record_updated,
        coalesce(stages.is_doj_updated, false) as is_doj_updated
    from convictions
    left join deciding_orders on convictions.conviction_key = deciding_orders.conviction_key
    left join stages on convictions.conviction_key = stages.conviction_key

),

final as (

    select
        * exclude (doj_conviction_key, court_conviction_key),
        case
            when not is_in_review then null
            when
                doj_conviction_key is not null and is_dismissed_by_order and relief_order_date <= date '2020-12-31'
                then 1
            -- An order without a date may belong to either wave.
            when doj_conviction_key is not null and is_dismissed_by_order and relief_order_date is null then null
            when court_conviction_key is not null then 2
        end as wave_number
    from joined

)

select * from final
