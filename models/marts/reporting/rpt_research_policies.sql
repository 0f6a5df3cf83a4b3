-- For each conviction, compares the answer of the statute with the answer of the published pilot rules, and names the
-- deciding rules and the missing facts.
with determinations as (

    select
        policy_id,
        conviction_key,
        case
            when starts_with(determination, 'Eligible') then 'granted'
            when determination = 'Not eligible' then 'not granted'
            else 'hand review'
        end as answer,
        case when coalesce(deciding_rule_id, '') = '' then 'cannot tell' else deciding_rule_id end as rule_id,
        coalesce(cannot_tell, '') as missing_facts
    from {{ ref('fct_relief_determinations') }}
    where policy_id in ('statutory_11361_8', 'la_pilot_2019')

),

convictions as (

    select
        conviction_key,
        person_key
    from {{ ref('fct_convictions') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

answers as (

    select
        convictions.conviction_key,
        convictions.person_key,
        coalesce(
            max(determinations.answer) filter (where determinations.policy_id = 'statutory_11361_8'), 'not evaluated'
        ) as statute_answer,
        coalesce(
            max(determinations.rule_id) filter (where determinations.policy_id = 'statutory_11361_8'), 'not evaluated'
        ) as statute_rule,
        coalesce(
            max(determinations.answer) filter (where determinations.policy_id = 'la_pilot_2019'), 'not evaluated'
        ) as pilot_answer,
        coalesce(
            max(determinations.rule_id) filter (where determinations.policy_id = 'la_pilot_2019'), 'not evaluated'
        ) as pilot_rule,
        max(determinations.missing_facts) filter (where determinations.policy_id = 'statutory_11361_8') as missing_facts
    from determinations
    inner join convictions on determinations.conviction_key = convictions.conviction_key
    group by convictions.conviction_key, convictions.person_key

),

people as (

    select
        person_key,
        case when bool_or(statute_answer = 'granted') then 'granted' else 'not granted' end as statute_answer,
        case when bool_or(pilot_answer = 'granted') then 'granted' else 'not granted' end as pilot_answer
    from answers
    group by person_key

),

counted_convictions as (

    select
        coalesce(statute_answer, 'all') as statute_answer,
        coalesce(pilot_answer, 'all') as pilot_answer,
        coalesce(statute_rule, 'all') as statute_rule,
        coalesce(pilot_rule, 'all') as pilot_rule,
        count(*) as counted
    from answers
    group by
        -- The linter mistakes GROUPING SETS for two clauses. -- noqa: disable=LT02
        grouping sets (
            (), (statute_answer), (pilot_answer), (statute_answer, pilot_answer),
            (statute_answer, statute_rule), (statute_answer, pilot_answer, statute_rule),
            (pilot_answer, pilot_rule), (statute_answer, pilot_answer, pilot_rule)
        )
        -- noqa: enable=LT02

),

counted_facts as (

    select
        missing_facts,
        count(*) as counted
    from answers
    where statute_rule = 'cannot tell' and statute_answer = 'hand review'
    group by missing_facts

),

counted_people as (

    select
        coalesce(statute_answer, 'all') as statute_answer,
        coalesce(pilot_answer, 'all') as pilot_answer,
        count(*) as counted
    from people
    group by cube(statute_answer, pilot_answer)

),

counted as (

    select
        'convictions' as unit,
        statute_answer,
        pilot_answer,
        statute_rule,
        pilot_rule,
        'all' as missing_facts,
        counted
    from counted_convictions
    union all
    select
        'convictions' as unit,
        'hand review' as statute_answer,
        'all' as pilot_answer,
        'cannot tell' as statute_rule,
        'all' as pilot_rule,
        case when missing_facts = '' then 'not named' else missing_facts end as missing_facts,
        counted
    from counted_facts
    union all
    select
        'people' as unit,
        statute_answer,
        pilot_answer,
        'all' as statute_rule,
        'all' as pilot_rule,
        'all' as missing_facts,
        counted
    from counted_people

),

final as (

    select
        counted.unit,
        counted.statute_answer,
        counted.pilot_answer,
        counted.statute_rule,
        counted.pilot_rule,
        counted.missing_facts,
        counted.counted,
        context.evaluated_as_of_date,
        context.extract_as_of_date,
        context.is_synthetic
    from counted
    cross join context
    where counted.counted > 0

)

select * from final
