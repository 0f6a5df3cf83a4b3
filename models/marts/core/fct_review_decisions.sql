with on_convictions as (

    select * from {{ ref('int_review__decided_convictions') }}

),

on_links as (

    select * from {{ ref('int_identity__decided_links') }}

),

decisions as (

    select * from {{ ref('stg_review_decisions__decisions') }}

),

identified as (

    select
        conviction_key,
        doj_conviction_key
    from {{ ref('int_identity__convictions') }}

),

-- A decision about several policies has one row. If the decision is in force for any of the policies, its status is
-- `in_force`; otherwise its status is the same for all of them.
read as (

    select
        decision_key,
        any_value(conviction_key) as conviction_key,
        cast(null as varchar) as court_conviction_key,
        count(nullif(policy_id, '')) as policies,
        case
            when bool_or(decision_status = 'in_force') then 'in_force'
            else any_value(decision_status)
        end as decision_status,
        any_value(fault_column) as fault_column
    from on_convictions
    group by decision_key
    union all
    select
        on_links.decision_key,
        coalesce(identified.conviction_key, on_links.doj_conviction_key) as conviction_key,
        on_links.court_conviction_key,
        0 as policies,
        on_links.decision_status,
        on_links.fault_column
    from on_links
    left join identified on on_links.doj_conviction_key = identified.doj_conviction_key

),

final as (

    select
        decisions.decision_key,
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_id,
        decisions.decision_type,
        read.conviction_key,
        read.court_conviction_key,
        decisions.policy_id,
        read.policies,
        decisions.verdict,
        decisions.legal_ground,
        decisions.ground,
        decisions.attorney,
        decisions.decision_date,
        read.decision_status,
        read.fault_column
    from decisions
    left join read on decisions.decision_key = read.decision_key

)

select * from final
