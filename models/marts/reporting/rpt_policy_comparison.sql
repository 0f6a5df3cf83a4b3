-- This view uses no grouping sets, so that a query for two policies reads only those two.
with policies as (

    select
        policy_id,
        title
    from {{ ref('dim_policies') }}

),

convictions as (

    select
        conviction_key,
        person_key
    from {{ ref('fct_convictions') }}

),

-- Only answers of the rules are compared, because an attorney's decision is about a single conviction.
determinations as (

    select
        policy_id,
        {{ without_reading('conviction_key') }} as conviction_key,
        determination,
        coalesce(deciding_rule_id, 'cannot tell') as rule_id,
        starts_with(determination, 'Eligible') as is_granted
    from {{ ref('int_policies__determinations') }}

),

answers as (

    select
        determinations.*,
        convictions.person_key
    from determinations
    inner join convictions on determinations.conviction_key = convictions.conviction_key

),

-- The determination and reason of each rule.
rules as (

    select
        policy_id,
        rule_id,
        determination,
        reason
    from {{ ref('int_policies__rules') }}

),

context as (

    select
        evaluated_as_of_date,
        is_synthetic
    from {{ ref('stg_landing__build_context') }}

),

pairs as (

    select
        from_policies.policy_id as from_policy_id,
        from_policies.title as from_policy_title,
        to_policies.policy_id as to_policy_id,
        to_policies.title as to_policy_title
    from policies as from_policies
    cross join policies as to_policies
    where from_policies.policy_id <> to_policies.policy_id

),

-- First come the convictions that the first policy evaluates, then the ones that only the second policy evaluates.
paired as (

    select
        pairs.*,
        from_answers.person_key,
        from_answers.rule_id as from_rule_id,
        from_answers.determination as from_determination,
        from_answers.is_granted as is_granted_before,
        to_answers.rule_id as to_rule_id,
        to_answers.determination as to_determination,
        coalesce(to_answers.is_granted, false) as is_granted_after
    from pairs
    inner join answers as from_answers on pairs.from_policy_id = from_answers.policy_id
    left join answers as to_answers
        on
            pairs.to_policy_id = to_answers.policy_id
            and from_answers.conviction_key = to_answers.conviction_key
    union all
    select
        pairs.*,
        to_answers.person_key,
        null as from_rule_id,
        null as from_determination,
        false as is_granted_before,
        to_answers.rule_id as to_rule_id,
        to_answers.determination as to_determination,
        to_answers.is_granted as is_granted_after
    from pairs
    inner join answers as to_answers on pairs.to_policy_id = to_answers.policy_id
    left join answers as from_answers
        on
            pairs.from_policy_id = from_answers.policy_id
            and to_answers.conviction_key = from_answers.conviction_key
    where from_answers.conviction_key is null

),

-- The convictions are counted by both rules, by the rule of either policy, and in total. Each level is counted
-- separately, because a person may have convictions under several rules.
by_level as (

    select
        paired.from_policy_id,
        paired.from_policy_title,
        paired.to_policy_id,
        paired.to_policy_title,
        paired.person_key,
        case
            when paired.is_granted_before and paired.is_granted_after then 'kept'
            when paired.is_granted_after then 'gained'
            when paired.is_granted_before then 'lost'
            else 'neither'
        end as change,
        case when from_level.is_each_rule then coalesce(paired.from_rule_id, 'not evaluated') else 'all' end
            as from_rule_id,
        case when from_level.is_each_rule then coalesce(paired.from_determination, '') else '' end
            as from_determination,
        case when to_level.is_each_rule then coalesce(paired.to_rule_id, 'not evaluated') else 'all' end as to_rule_id,
        case when to_level.is_each_rule then coalesce(paired.to_determination, '') else '' end as to_determination
    from paired
    cross join (values (true), (false)) as from_level (is_each_rule)
    cross join (values (true), (false)) as to_level (is_each_rule)

),

counted as (

    select
        from_policy_id,
        from_policy_title,
        to_policy_id,
        to_policy_title,
        change,
        from_rule_id,
        from_determination,
        to_rule_id,
        to_determination,
        count(*) as convictions,
        count(distinct person_key) as people
    from by_level
    group by
        from_policy_id,
        from_policy_title,
        to_policy_id,
        to_policy_title,
        change,
        from_rule_id,
        from_determination,
        to_rule_id,
        to_determination

),

final as (

    select
        counted.from_policy_id,
        counted.from_policy_title,
        counted.to_policy_id,
        counted.to_policy_title,
        counted.change,
        counted.from_rule_id,
        coalesce(from_rules.reason, '') as from_rule_title,
        counted.from_determination,
        counted.to_rule_id,
        coalesce(to_rules.reason, '') as to_rule_title,
        counted.to_determination,
        counted.convictions,
        counted.people,
        cast(context.evaluated_as_of_date as date) as evaluated_as_of_date,
        context.is_synthetic
    from counted
    cross join context
    left join rules as from_rules
        on
            counted.from_policy_id = from_rules.policy_id
            and counted.from_rule_id = from_rules.rule_id
            and counted.from_determination = from_rules.determination
    left join rules as to_rules
        on
            counted.to_policy_id = to_rules.policy_id
            and counted.to_rule_id = to_rules.rule_id
            and counted.to_determination = to_rules.determination

)

select * from final
