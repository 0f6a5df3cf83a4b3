-- Each pair of policies over the convictions that either of them evaluates.
with policies as (

    select
        policy_id,
        variant_of
    from {{ ref('dim_policies') }}

),

-- Published variants and copies are compared with what they vary; policies of their own with each other.
pairs as (

    select
        left_policies.policy_id as from_policy_id,
        right_policies.policy_id as to_policy_id
    from policies as left_policies
    cross join policies as right_policies
    where
        left_policies.policy_id <> right_policies.policy_id
        and (
            (left_policies.variant_of = '' and right_policies.variant_of = '')
            or left_policies.variant_of = right_policies.policy_id
            or right_policies.variant_of = left_policies.policy_id
        )

),

determinations as (

    select
        policy_id,
        conviction_key,
        -- Rules are compared with rules: a decision by an attorney is about one conviction.
        rule_determination as determination,
        case when deciding_rule_id = '' then 'cannot tell' else deciding_rule_id end as rule_id,
        starts_with(rule_determination, 'Eligible') as is_granted
    from {{ ref('fct_relief_determinations') }}

),

persons as (

    select
        conviction_key,
        person_key
    from {{ ref('fct_convictions') }}

),

context as (

    select * from {{ ref('int_relief__evaluation_context') }}

),

evaluated as (

    select
        pairs.from_policy_id,
        pairs.to_policy_id,
        determinations.conviction_key
    from pairs
    inner join determinations on determinations.policy_id in (pairs.from_policy_id, pairs.to_policy_id)
    group by pairs.from_policy_id, pairs.to_policy_id, determinations.conviction_key

),

compared as (

    select
        evaluated.from_policy_id,
        evaluated.to_policy_id,
        evaluated.conviction_key,
        persons.person_key,
        coalesce(to_determinations.rule_id, 'not evaluated') as to_rule_id,
        coalesce(to_determinations.determination, '') as to_determination,
        case
            when coalesce(from_determinations.is_granted, false) and coalesce(to_determinations.is_granted, false)
                then 'kept'
            when to_determinations.is_granted then 'gained'
            when from_determinations.is_granted then 'lost'
            else 'neither'
        end as change
    from evaluated
    inner join persons on evaluated.conviction_key = persons.conviction_key
    left join determinations as from_determinations
        on
            evaluated.conviction_key = from_determinations.conviction_key
            and evaluated.from_policy_id = from_determinations.policy_id
    left join determinations as to_determinations
        on
            evaluated.conviction_key = to_determinations.conviction_key
            and evaluated.to_policy_id = to_determinations.policy_id

),

by_rule as (

    select
        from_policy_id,
        to_policy_id,
        change,
        to_rule_id,
        to_determination,
        count(*) as convictions,
        count(distinct person_key) as people
    from compared
    group by from_policy_id, to_policy_id, change, to_rule_id, to_determination

),

-- A person may have convictions under several rules: the people of the rules do not add up to these.
by_change as (

    select
        from_policy_id,
        to_policy_id,
        change,
        'all' as to_rule_id,
        '' as to_determination,
        count(*) as convictions,
        count(distinct person_key) as people
    from compared
    group by from_policy_id, to_policy_id, change

),

counted as (

    select * from by_rule
    union all
    select * from by_change

),

final as (

    select
        counted.from_policy_id,
        counted.to_policy_id,
        counted.change,
        counted.to_rule_id,
        counted.to_determination,
        counted.convictions,
        counted.people,
        cast(context.evaluated_as_of_date as date) as evaluated_as_of_date,
        context.is_synthetic
    from counted
    cross join context

)

select * from final
