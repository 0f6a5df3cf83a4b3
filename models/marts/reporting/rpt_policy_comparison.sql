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
        right_policies.policy_id as to_policy_id,
        cast(row_number() over (order by left_policies.policy_id, right_policies.policy_id) as integer) as pair_no
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

-- Rules are compared with rules: a decision by an attorney is about one conviction.
answers as (

    select
        policy_id,
        {{ without_reading('conviction_key') }} as conviction_key,
        determination,
        coalesce(deciding_rule_id, 'cannot tell') as rule_id,
        starts_with(determination, 'Eligible') as is_granted
    from {{ ref('int_relief__determinations') }}

),

-- Numbers in the place of texts: the pairs hold millions of rows.
kinds as (

    select
        policy_id,
        rule_id,
        determination,
        row_number() over (order by policy_id, rule_id, determination) as kind_no
    from answers
    group by policy_id, rule_id, determination

),

convictions as (

    select
        conviction_key,
        row_number() over (order by conviction_key) as conviction_no,
        dense_rank() over (order by person_key) as person_no
    from {{ ref('fct_convictions') }}

),

coded as (

    select
        answers.policy_id,
        cast(convictions.conviction_no as integer) as conviction_no,
        cast(convictions.person_no as integer) as person_no,
        cast(kinds.kind_no as integer) as kind_no,
        answers.is_granted
    from answers
    inner join convictions on answers.conviction_key = convictions.conviction_key
    inner join kinds
        on
            answers.policy_id = kinds.policy_id
            and answers.rule_id = kinds.rule_id
            and answers.determination = kinds.determination

),

context as (

    select * from {{ ref('int_relief__evaluation_context') }}

),

from_answers as (

    select
        pairs.pair_no,
        coded.conviction_no,
        coded.person_no,
        coded.is_granted
    from pairs
    inner join coded on pairs.from_policy_id = coded.policy_id

),

to_answers as (

    select
        pairs.pair_no,
        coded.conviction_no,
        coded.person_no,
        coded.kind_no,
        coded.is_granted
    from pairs
    inner join coded on pairs.to_policy_id = coded.policy_id

),

compared as (

    select
        coalesce(from_answers.pair_no, to_answers.pair_no) as pair_no,
        coalesce(from_answers.person_no, to_answers.person_no) as person_no,
        coalesce(to_answers.kind_no, 0) as kind_no,
        case
            when coalesce(from_answers.is_granted, false) and coalesce(to_answers.is_granted, false) then 'kept'
            when to_answers.is_granted then 'gained'
            when from_answers.is_granted then 'lost'
            else 'neither'
        end as change
    from from_answers
    full outer join to_answers
        on from_answers.pair_no = to_answers.pair_no and from_answers.conviction_no = to_answers.conviction_no

),

by_person as (

    select
        pair_no,
        change,
        kind_no,
        person_no,
        count(*) as convictions
    from compared
    group by pair_no, change, kind_no, person_no

),

by_rule as (

    select
        pair_no,
        change,
        kind_no,
        sum(convictions) as convictions,
        count(*) as people
    from by_person
    group by pair_no, change, kind_no

),

-- A person may have convictions under several rules: the people of the rules do not add up to these.
people_of_change as (

    select
        pair_no,
        change,
        person_no,
        sum(convictions) as convictions
    from by_person
    group by pair_no, change, person_no

),

by_change as (

    select
        pair_no,
        change,
        sum(convictions) as convictions,
        count(*) as people
    from people_of_change
    group by pair_no, change

),

counted as (

    select
        by_rule.pair_no,
        by_rule.change,
        coalesce(kinds.rule_id, 'not evaluated') as to_rule_id,
        coalesce(kinds.determination, '') as to_determination,
        by_rule.convictions,
        by_rule.people
    from by_rule
    left join kinds on by_rule.kind_no = kinds.kind_no
    union all
    select
        pair_no,
        change,
        'all' as to_rule_id,
        '' as to_determination,
        convictions,
        people
    from by_change

),

final as (

    select
        pairs.from_policy_id,
        pairs.to_policy_id,
        counted.change,
        counted.to_rule_id,
        counted.to_determination,
        cast(counted.convictions as bigint) as convictions,
        counted.people,
        cast(context.evaluated_as_of_date as date) as evaluated_as_of_date,
        context.is_synthetic
    from counted
    inner join pairs on counted.pair_no = pairs.pair_no
    cross join context

)

select * from final
