with policies as (

    select * from {{ ref('int_relief__policies') }}

),

rules as (

    select
        policy_id,
        count(*) as rules
    from {{ ref('int_relief__policy_rules') }}
    group by policy_id

),

final as (

    select
        policies.policy_id,
        policies.title,
        policies.version,
        coalesce(policies.county, '') as county,
        policies.offense_scope,
        policies.evaluates_sources,
        policies.published_as,
        policies.source,
        policies.is_added,
        coalesce(rules.rules, 0) as rules
    from policies
    left join rules on policies.policy_id = rules.policy_id

)

select * from final
