-- Integers replace the keys: there is a row for every pair of policies and conviction, and `count(distinct ...)` of
-- people is faster with integers.
with policies as (

    select
        policy_id,
        variant_of
    from {{ ref('dim_policies') }}

),

-- Any two policies that are not variants are compared. A variant is compared only with the policy from which it was
-- made.
pairs as (

    select
        first_policies.policy_id as from_policy_id,
        second_policies.policy_id as to_policy_id
    from policies as first_policies
    cross join policies as second_policies
    where
        (
            first_policies.variant_of = ''
            and second_policies.variant_of = ''
            and first_policies.policy_id < second_policies.policy_id
        )
        or second_policies.variant_of = first_policies.policy_id

),

convictions as (

    select
        conviction_key,
        row_number() over (order by conviction_key) as conviction_no,
        dense_rank() over (order by person_key) as person_no
    from {{ ref('fct_convictions') }}

),

rules as (

    select
        policy_id,
        rule_id,
        determination,
        reason,
        row_number() over (order by policy_id, step) as rule_no
    from {{ ref('int_policies__rules') }}

),

-- Only answers of the rules are compared, because an attorney's decision is about a single conviction. Rule number 0
-- means that no rule decides because a fact is missing.
answers as (

    select
        determinations.policy_id,
        convictions.conviction_no,
        convictions.person_no,
        coalesce(rules.rule_no, 0) as rule_no,
        starts_with(determinations.determination, 'Eligible') as is_granted
    from {{ ref('int_policies__determinations') }} as determinations
    inner join convictions
        on {{ without_reading('determinations.conviction_key') }} = convictions.conviction_key
    left join rules
        on determinations.policy_id = rules.policy_id and determinations.deciding_rule_id = rules.rule_id

),

-- First come the convictions that the first policy evaluates, then the ones that only the second policy evaluates. Rule
-- number -1 means that the policy does not evaluate the conviction.
paired as (

    select
        pairs.from_policy_id,
        pairs.to_policy_id,
        from_answers.person_no,
        from_answers.rule_no as from_rule_no,
        coalesce(to_answers.rule_no, -1) as to_rule_no,
        from_answers.is_granted as is_granted_before,
        coalesce(to_answers.is_granted, false) as is_granted_after
    from pairs
    inner join answers as from_answers on pairs.from_policy_id = from_answers.policy_id
    left join answers as to_answers
        on pairs.to_policy_id = to_answers.policy_id and from_answers.conviction_no = to_answers.conviction_no
    union all
    select
        pairs.from_policy_id,
        pairs.to_policy_id,
        to_answers.person_no,
        -1 as from_rule_no,
        to_answers.rule_no as to_rule_no,
        false as is_granted_before,
        to_answers.is_granted as is_granted_after
    from pairs
    inner join answers as to_answers on pairs.to_policy_id = to_answers.policy_id
    left join answers as from_answers
        on pairs.from_policy_id = from_answers.policy_id and to_answers.conviction_no = from_answers.conviction_no
    where from_answers.conviction_no is null

),

changed as (

    select
        *,
        case
            when is_granted_before and is_granted_after then 'kept'
            when is_granted_after then 'gained'
            when is_granted_before then 'lost'
            else 'neither'
        end as change
    from paired

),

-- The convictions are counted in total, then by the rule of the first policy, then by the rule of the second policy.
-- Each of the three counts every conviction once.
counted as (

    select
        from_policy_id,
        to_policy_id,
        change,
        'all' as by_rule_of,
        cast(null as bigint) as rule_no,
        count(*) as convictions,
        count(distinct person_no) as people
    from changed
    group by from_policy_id, to_policy_id, change
    union all
    select
        from_policy_id,
        to_policy_id,
        change,
        'from' as by_rule_of,
        from_rule_no as rule_no,
        count(*) as convictions,
        count(distinct person_no) as people
    from changed
    group by from_policy_id, to_policy_id, change, from_rule_no
    union all
    select
        from_policy_id,
        to_policy_id,
        change,
        'to' as by_rule_of,
        to_rule_no as rule_no,
        count(*) as convictions,
        count(distinct person_no) as people
    from changed
    group by from_policy_id, to_policy_id, change, to_rule_no

),

context as (

    select
        evaluated_as_of_date,
        is_synthetic
    from {{ ref('stg_landing__build_context') }}

),

final as (

    select
        counted.from_policy_id,
        counted.to_policy_id,
        counted.change,
        counted.by_rule_of,
        case counted.rule_no
            when 0 then 'cannot tell'
            when -1 then 'not evaluated'
            else coalesce(rules.rule_id, 'all')
        end as rule_id,
        coalesce(rules.reason, '') as rule_title,
        coalesce(rules.determination, '') as determination,
        'convictions' as unit,
        counted.convictions,
        counted.people,
        cast(context.evaluated_as_of_date as date) as evaluated_as_of_date,
        context.is_synthetic
    from counted
    cross join context
    left join rules on counted.rule_no = rules.rule_no

)

select * from final
