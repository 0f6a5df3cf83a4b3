-- A published variant changes one thing. Every rule that it keeps has the same conditions and the same answer, in the
-- same order.
with rules as (

    select
        policy_id,
        rule_id,
        determination,
        reason,
        legal_ground,
        criterion_id,
        row_number() over (partition by policy_id order by step) as place
    from {{ ref('int_policies__rules') }}

),

pilot as (

    select * from rules
    where policy_id = 'la_pilot_2019'

),

variants as (

    select * from rules
    where policy_id like 'la_pilot_2019_%' and policy_id <> 'la_pilot_2019'

),

kept as (

    select
        variants.policy_id,
        variants.rule_id,
        pilot.place as pilot_place,
        lag(pilot.place) over (partition by variants.policy_id order by variants.place) as previous_pilot_place,
        coalesce(
            variants.determination = pilot.determination
            and variants.reason = pilot.reason
            and variants.legal_ground = pilot.legal_ground
            and variants.criterion_id is not distinct from pilot.criterion_id,
            false
        ) as is_the_same
    from variants
    left join pilot on variants.rule_id = pilot.rule_id

),

counted as (

    select
        policy_id,
        count(*) as rules
    from variants
    group by policy_id

),

expected as (

    select
        policy_id,
        case policy_id
            when 'la_pilot_2019_no_superstrikes_or_290s' then 12
            when 'la_pilot_2019_two_priors_end' then 14
            when 'la_pilot_2019_isolated_hand_reviews' then 14
            else 13
        end as rules
    from variants
    group by policy_id

)

select
    policy_id,
    rule_id,
    'changed or out of order' as finding
from kept
where
    rule_id <> 'any_11357'
    and (
        not is_the_same
        or (
            pilot_place < previous_pilot_place
            and not (policy_id = 'la_pilot_2019_two_priors_end' and rule_id = 'two_priors')
        )
    )
union all
select
    expected.policy_id,
    '' as rule_id,
    'number of rules' as finding
from expected
inner join counted on expected.policy_id = counted.policy_id
where expected.rules <> counted.rules
union all
-- Two priors are tested in the rule before the last rule, which has no conditions.
select
    policy_id,
    rule_id,
    'not at the end' as finding
from variants
where policy_id = 'la_pilot_2019_two_priors_end' and rule_id = 'two_priors' and place <> 13
