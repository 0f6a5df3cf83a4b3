with in_scope as (

    select * from {{ ref('int_policies__scope') }}

),

evaluated as (

    select * from {{ ref('int_policies__evaluated_convictions') }}
    where reading in ('ours', 'published')

),

rules as (

    select * from {{ ref('int_policies__rules') }}

),

criteria as (

    select * from {{ ref('int_policies__criteria_met') }}

),

final as (

    select
        -- conviction_key is a plain column, not an expression, so that a query for one conviction reads only that one.
        evaluated.identified_key as conviction_key,
        in_scope.policy_id,
        rules.step,
        rules.rule_id,
        -- A rule without conditions is always met.
        case
            when rules.criterion_id is null then true
            when criteria.conviction_key is null then false
            else criteria.outcome
        end as outcome,
        {{ facts_as_text('coalesce(criteria.unknown_facts, 0)') }} as unknown_facts,
        {{ facts_as_text('coalesce(criteria.assumed_facts, 0)') }} as assumed_facts,
        in_scope.conviction_key as evaluated_key
    from in_scope
    inner join evaluated on in_scope.conviction_key = evaluated.conviction_key
    inner join rules on in_scope.policy_id = rules.policy_id
    left join criteria
        on in_scope.conviction_key = criteria.conviction_key and rules.criterion_id = criteria.criterion_id

)

select * from final
