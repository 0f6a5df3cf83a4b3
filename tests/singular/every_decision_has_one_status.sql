-- Every delivered row of a decisions file has exactly one status.
with delivered as (

    select count(*) as decisions_delivered
    from {{ ref('stg_review_decisions__decisions') }}

),

accounted as (

    select count(decision_status) as decisions_accounted_for
    from {{ ref('fct_review_decisions') }}

)

select
    delivered.decisions_delivered,
    accounted.decisions_accounted_for
from delivered
cross join accounted
where delivered.decisions_delivered <> accounted.decisions_accounted_for
