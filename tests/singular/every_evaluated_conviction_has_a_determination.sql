-- A conviction that a policy speaks of must get an answer: each policy ends with a rule that is always met.
select
    outcomes.conviction_key,
    outcomes.policy_id
from {{ ref('int_relief__rule_outcomes') }} as outcomes
left join {{ ref('fct_relief_determinations') }} as determinations
    on outcomes.conviction_key = determinations.conviction_key and outcomes.policy_id = determinations.policy_id
where determinations.conviction_key is null
group by outcomes.conviction_key, outcomes.policy_id
