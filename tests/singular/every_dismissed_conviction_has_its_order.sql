-- Dismissed convictions = convictions with a matched dismissal order. A determination never counts as an order.
with dismissed as (

    select conviction_key
    from {{ ref('fct_convictions') }}
    where is_dismissed_by_order

),

ordered as (

    select distinct conviction_key
    from {{ ref('fct_relief_events') }}
    where
        match_status = 'matched'
        and event_type = 'order_signed'
        and relief_type in ('dismissal', 'dismissal_and_sealing')

)

select
    dismissed.conviction_key as dismissed_key,
    ordered.conviction_key as ordered_key
from dismissed
full outer join ordered on dismissed.conviction_key = ordered.conviction_key
where dismissed.conviction_key is null or ordered.conviction_key is null
