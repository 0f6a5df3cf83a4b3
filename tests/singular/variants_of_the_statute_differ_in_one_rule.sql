-- Whether earlier felonies of the old section count is unsettled: each reading is the statute with that one rule
-- changed or left out.
with rules as (

    select
        policy_id,
        rule_id,
        determination,
        reason,
        legal_ground,
        criterion_id,
        row_number() over (partition by policy_id order by step) as place,
        count(*) over (partition by policy_id) as rules
    from {{ ref('int_relief__policy_rules') }}
    where policy_id like 'statutory_11361_8%'

),

statute as (

    select * from rules
    where policy_id = 'statutory_11361_8' and rule_id <> 'two_earlier_of_the_same_section'

),

variants as (

    select * from rules
    where policy_id in ('statutory_11361_8_priors_bar', 'statutory_11361_8_priors_ignored')

),

kept as (

    select
        variants.*,
        statute.place as statute_place,
        lag(statute.place) over (partition by variants.policy_id order by variants.place) as previous_place,
        coalesce(
            variants.determination = statute.determination
            and variants.reason = statute.reason
            and variants.legal_ground = statute.legal_ground
            and variants.criterion_id is not distinct from statute.criterion_id,
            false
        ) as is_the_same
    from variants
    left join statute on variants.rule_id = statute.rule_id
    where variants.rule_id <> 'two_earlier_of_the_same_section'

),

counted as (

    select count(*) as rules from statute

)

select
    policy_id,
    rule_id
from kept
where not is_the_same or statute_place < previous_place
union all
select
    policy_id,
    '' as rule_id
from kept
cross join counted
group by policy_id, counted.rules
having count(*) <> counted.rules
union all
select
    policy_id,
    rule_id
from variants
where
    rule_id = 'two_earlier_of_the_same_section'
    and not (policy_id = 'statutory_11361_8_priors_bar' and determination = 'Not eligible')
