-- For every policy, counted convictions = evaluated + not evaluated by reason, and every evaluated conviction is
-- counted.
with accounts as (

    select
        policy_id,
        max(counted) as counted,
        sum(convictions) as accounted
    from {{ ref('audit_evaluation_accounts') }}
    group by policy_id

),

not_counted as (

    select
        determinations.policy_id,
        count(*) as convictions
    from {{ ref('int_policies__determinations') }} as determinations
    inner join {{ ref('int_policies__evaluated_convictions') }} as evaluated
        on determinations.conviction_key = evaluated.conviction_key
    left join {{ ref('fct_convictions') }} as convictions
        on evaluated.identified_key = convictions.conviction_key
    where evaluated.reading = 'ours' and convictions.conviction_key is null
    group by determinations.policy_id

)

select
    policy_id,
    'counted and neither evaluated nor left out for a reason' as fault,
    counted - accounted as convictions
from accounts
where counted <> accounted or counted <> (select count(*) from {{ ref('fct_convictions') }})
union all
select
    policy_id,
    'evaluated and not counted' as fault,
    convictions
from not_counted
