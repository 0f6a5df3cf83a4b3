-- Delivered events = matched + no conviction + ambiguous + duplicate + in the future.
with counted as (

    select
        (select count(*) from {{ ref('stg_relief_events__events') }}) as events_delivered,
        (select count(*) from {{ ref('fct_relief_events') }}) as events_accounted_for

)

select *
from counted
where events_delivered <> events_accounted_for
