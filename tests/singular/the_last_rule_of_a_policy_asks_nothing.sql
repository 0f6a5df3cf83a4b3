-- If the last rule had conditions, some convictions would be left without an answer.
with rules as (

    select
        policy_id,
        rule_id,
        criterion_id,
        row_number() over (partition by policy_id order by step desc) as place_from_the_end
    from {{ ref('int_policies__rules') }}

)

select
    policy_id,
    rule_id
from rules
where (place_from_the_end = 1) <> (criterion_id is null)
