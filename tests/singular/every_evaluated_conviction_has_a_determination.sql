-- A conviction that a policy evaluates must get an answer, because each policy ends with a rule that is always met.
select
    in_scope.conviction_key,
    in_scope.policy_id
from {{ ref('int_policies__scope') }} as in_scope
left join {{ ref('int_policies__determinations') }} as determinations
    on in_scope.conviction_key = determinations.conviction_key and in_scope.policy_id = determinations.policy_id
where determinations.conviction_key is null
