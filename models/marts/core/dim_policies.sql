with policies as (

    select
        *,
        false as is_added,
        'shipped' as status
    from {{ ref('policies') }}
    union all by name
    select
        * exclude (added_at),
        true as is_added
    from {{ ref('stg_landing__added_policies') }}

),

rules as (

    select policy_id from {{ ref('policy_rules') }}
    union all
    select policy_id from {{ ref('stg_landing__added_policy_rules') }}

),

rule_counts as (

    select
        policy_id,
        count(*) as rules
    from rules
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
        coalesce(policies.variant_of, '') as variant_of,
        policies.is_added,
        coalesce(rule_counts.rules, 0) as rules,
        coalesce(policies.status, 'added') as status,
        policies.version_no,
        coalesce(policies.approved_by, '') as approved_by,
        policies.approved_at,
        policies.version || coalesce(' (number ' || cast(policies.version_no as varchar) || ')', '') as policy_version,
        coalesce(policies.overdue_records, 'counted') as overdue_records,
        coalesce(policies.unknown_plants, 'six_or_fewer') as unknown_plants
    from policies
    left join rule_counts on policies.policy_id = rule_counts.policy_id

)

select * from final
