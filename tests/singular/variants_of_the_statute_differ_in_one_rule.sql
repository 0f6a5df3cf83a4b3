-- A variant of the statute's policy exists for each question that the statute leaves open. One question is whether
-- earlier felonies of the old section count: a variant changes or leaves out the two rules on them. The other is an
-- unknown number of plants, which is a parameter: rules and conditions are the same, but they presume another number.
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
    where policy_id like 'statutory_11361_8%'

),

priors as (

    select rule_id
    from rules
    where policy_id = 'statutory_11361_8' and rule_id like '%two%of_the_same_section'

),

plants as (

    select distinct rule_id
    from {{ ref('policy_conditions') }}
    where policy_id = 'statutory_11361_8' and measure = 'exceeds_six_plants'

),

variants as (

    select distinct policy_id from rules
    where policy_id <> 'statutory_11361_8'

),

expected as (

    select
        variants.policy_id,
        statute.rule_id,
        case
            when variants.policy_id like '%_priors_bar' and statute.rule_id = 'two_earlier_of_the_same_section'
                then 'Not eligible'
            else statute.determination
        end as determination,
        statute.reason,
        statute.legal_ground,
        case
            when
                (variants.policy_id like '%_more_plants' and plants.rule_id is not null)
                -- A rule that bars relief requires a certain age. A rule that only sends a conviction to an attorney
                -- does not.
                or (variants.policy_id like '%_priors_bar' and statute.rule_id = 'two_earlier_of_the_same_section')
                then variants.policy_id || '.' || statute.rule_id
            else statute.criterion_id
        end as criterion_id,
        row_number() over (partition by variants.policy_id order by statute.place) as place
    from rules as statute
    cross join variants
    left join priors on statute.rule_id = priors.rule_id
    left join plants on statute.rule_id = plants.rule_id
    where
        statute.policy_id = 'statutory_11361_8'
        and not (variants.policy_id like '%_priors_ignored' and priors.rule_id is not null)

),

-- The text of each rule without the names of policies.
written_rules as (

    select * from {{ ref('policy_rules') }}

),

written_conditions as (

    select * from {{ ref('policy_conditions') }}

),

written_policies as (

    select
        policy_id,
        version,
        county,
        offense_scope,
        evaluates_sources,
        published_as,
        source,
        overdue_records,
        unknown_plants,
        '' as rule_id
    from {{ ref('policies') }}

),

expected_policies as (

    select
        written_policies.* replace (
            variants.policy_id as policy_id,
            case when variants.policy_id like '%_more_plants' then 'more_than_six' else 'six_or_fewer' end
                as unknown_plants
        )
    from written_policies
    cross join variants
    where written_policies.policy_id = 'statutory_11361_8' and written_policies.unknown_plants = 'six_or_fewer'

),

unchanged_policies as (

    select * from expected_policies
    intersect
    select * from written_policies

),

found as (

    select
        policy_id,
        rule_id,
        determination,
        reason,
        legal_ground,
        criterion_id,
        place
    from rules
    where policy_id <> 'statutory_11361_8'

)

select
    expected.policy_id,
    expected.rule_id
from expected
left join found
    on
        expected.policy_id = found.policy_id
        and expected.rule_id = found.rule_id
        and expected.determination = found.determination
        and expected.reason = found.reason
        and expected.legal_ground = found.legal_ground
        and expected.criterion_id is not distinct from found.criterion_id
        and expected.place = found.place
where found.rule_id is null
union all
select
    found.policy_id,
    found.rule_id
from found
left join expected on found.policy_id = expected.policy_id and found.rule_id = expected.rule_id
where expected.rule_id is null
union all
select
    variants.policy_id,
    '' as rule_id
from variants
where variants.policy_id not in (select policy_id from unchanged_policies)
{% for relation in ['written_rules', 'written_conditions'] %}
{% for kept, other in [('', '_more_plants'), ('_more_plants', '')] %}
union all
select
    'statutory_11361_8_more_plants' as policy_id,
    rule_id
from (
    select * exclude (policy_id) from {{ relation }}
    where policy_id = 'statutory_11361_8{{ kept }}'
    except
    select * exclude (policy_id) from {{ relation }}
    where policy_id = 'statutory_11361_8{{ other }}'
)
{% endfor %}
{% endfor %}
