with decisions as (

    select * from {{ ref('fct_review_decisions') }}

),

deliveries as (

    select
        delivery_id,
        as_of_date
    from {{ ref('stg_landing__deliveries') }}

),

grounds as (

    select
        decision_key,
        bool_or(determination = 'Eligible for Dismissal' and legal_ground is null) as has_no_legal_ground
    from {{ ref('int_decisions__convictions') }}
    where decision_status = 'in_force'
    group by decision_key

),

findings as (

    select
        delivery_id,
        row_no,
        decision_type,
        decision_status,
        decision_date,
        'decision_' || decision_status as finding
    from decisions
    where decision_status not in ('in_force', 'replaced', 'not_filled_in')
    union all
    -- Obeyed, and listed: a court cannot be asked for a dismissal without its ground.
    select
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_type,
        decisions.decision_status,
        decisions.decision_date,
        'decision_without_legal_ground' as finding
    from decisions
    inner join grounds on decisions.decision_key = grounds.decision_key
    where grounds.has_no_legal_ground
    union all
    select
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_type,
        decisions.decision_status,
        decisions.decision_date,
        'decision_in_the_future' as finding
    from decisions
    inner join deliveries on decisions.delivery_id = deliveries.delivery_id
    where decisions.decision_date > deliveries.as_of_date
    union all
    select
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_type,
        decisions.decision_status,
        decisions.decision_date,
        'decision_without_reason' as finding
    from decisions
    where decisions.decision_status = 'in_force' and decisions.ground is null and decisions.verdict <> 'withdrawn'

),

final as (

    select * from findings

)

select * from final
