with convictions as (

    select * from {{ ref('int_policies__distinct_convictions') }}

),

conditions as (

    select
        policy_id,
        rule_id,
        measure,
        operator,
        threshold,
        if_unknown
    from {{ ref('policy_conditions') }}
    union all
    select
        policy_id,
        rule_id,
        measure,
        operator,
        threshold,
        if_unknown
    from {{ ref('stg_landing__added_policy_conditions') }}

),

-- The kinds of convictions that the policies with this criterion evaluate.
criteria as (

    select
        criterion_id,
        bool_or(offense_scope <> 'statute') as with_prop_64,
        bool_or(offense_scope = 'statute') as with_statute,
        bool_or(offense_scope = 'prop_64_and_predecessors') as with_predecessors,
        bool_or(offense_scope = 'prop_64_and_related') as with_related,
        bool_or((';' || evaluates_sources || ';') like '%;ca_doj;%') as with_doj,
        bool_or((';' || evaluates_sources || ';') like '%;la_court;%') as with_court,
        -- Policies that differ in a parameter can share a criterion: one policy may have been written with the
        -- condition into which the parameter turns the other policy's condition. Changing such a condition again has no
        -- effect.
        bool_or(overdue_records = 'left_out') as is_left_out,
        bool_or(unknown_plants = 'more_than_six') as is_more_plants
    from {{ ref('int_policies__rules') }}
    where criterion_id is not null
    group by criterion_id

),

asked as (

    select
        criteria.criterion_id,
        {{ asked_measure('conditions.measure', 'criteria.is_left_out') }} as measure,
        conditions.operator,
        conditions.threshold,
        {{ asked_if_unknown(
            'conditions.measure', 'conditions.threshold', 'conditions.if_unknown', 'criteria.is_more_plants',
        ) }} as if_unknown
    from criteria
    inner join conditions
        on criteria.criterion_id = conditions.policy_id || '.' || conditions.rule_id

),

pairs as (

    select
        convictions.conviction_key,
        criteria.criterion_id
    from convictions
    inner join criteria
        on
            (
                (criteria.with_prop_64 and convictions.is_prop_64)
                or (criteria.with_statute and convictions.is_of_the_statute)
                or (criteria.with_predecessors and convictions.is_prop_64_predecessor)
                or (criteria.with_related and convictions.is_related)
            )
            and case when convictions.source = 'ca_doj' then criteria.with_doj else criteria.with_court end

),

bounds as (

    select
        conviction_key,
        measure,
        facts,
        coalesce(lower_bound, cast('-infinity' as double)) as lowest,
        coalesce(upper_bound, cast('infinity' as double)) as highest
    from {{ ref('int_policies__distinct_measures') }}

),

-- A comparison certainly holds if it holds for every possible value of the measure, and certainly fails if it holds for
-- none.
compared as (

    select
        pairs.conviction_key,
        pairs.criterion_id,
        asked.if_unknown,
        coalesce(bounds.facts, 0) as facts,
        coalesce({{ surely_holds('asked.operator', 'bounds.lowest', 'bounds.highest', 'asked.threshold') }}, false)
            as is_surely_met,
        coalesce({{ surely_fails('asked.operator', 'bounds.lowest', 'bounds.highest', 'asked.threshold') }}, false)
            as is_surely_not_met
    from pairs
    inner join asked on pairs.criterion_id = asked.criterion_id
    left join bounds on pairs.conviction_key = bounds.conviction_key and asked.measure = bounds.measure

),

-- A criterion is not met if any condition is not met. If all other conditions are met and some are unknown, the
-- criterion is unknown.
answered as (

    select
        conviction_key,
        criterion_id,
        bool_or(is_surely_not_met) as is_surely_not_met,
        case
            when bool_or(is_surely_not_met or (not is_surely_met and if_unknown = 'presume_not_met')) then false
            when bool_and(is_surely_met or if_unknown = 'presume_met') then true
        end as outcome,
        bit_or(
            case when not is_surely_met and not is_surely_not_met and if_unknown = 'review' then facts else 0 end
        ) as unknown_facts,
        bit_or(
            case when not is_surely_met and not is_surely_not_met and if_unknown <> 'review' then facts else 0 end
        ) as assumed_facts
    from compared
    group by conviction_key, criterion_id

),

final as (

    select
        conviction_key,
        criterion_id,
        outcome,
        case when outcome is null then unknown_facts else 0 end as unknown_facts,
        -- A presumption matters only where no other condition certainly fails.
        case when is_surely_not_met then 0 else assumed_facts end as assumed_facts
    from answered

)

select * from final
