-- Convictions times criteria are many millions: they are grouped by numbers, and get their keys back at the end.
with evaluated as (

    select
        *,
        row_number() over (order by conviction_key) as conviction_number
    from {{ ref('int_policies__evaluated_convictions') }}

),

measures as (

    {{ measures_with_twins() }}

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

-- What the policies that ask a criterion evaluate between them.
criteria as (

    select
        criterion_id,
        bool_or(offense_scope <> 'statute') as with_prop_64,
        bool_or(offense_scope = 'statute') as with_statute,
        bool_or(offense_scope = 'prop_64_and_predecessors') as with_predecessors,
        bool_or(offense_scope = 'prop_64_and_related') as with_related,
        bool_or((';' || evaluates_sources || ';') like '%;ca_doj;%') as with_doj,
        bool_or((';' || evaluates_sources || ';') like '%;la_court;%') as with_court,
        bool_or(overdue_records = 'left_out') as is_left_out
    from {{ ref('int_policies__rules') }}
    where criterion_id is not null
    group by criterion_id

),

asked as (

    select
        criteria.*,
        dense_rank() over (order by criteria.criterion_id) as criterion_number,
        {{ asked_measure('conditions.measure', 'criteria.is_left_out') }} as measure,
        conditions.operator,
        conditions.threshold,
        conditions.if_unknown
    from criteria
    inner join conditions
        on criteria.criterion_id = conditions.policy_id || '.' || conditions.rule_id

),

bounds as (

    select
        evaluated.conviction_number,
        asked.criterion_number,
        asked.operator,
        asked.threshold,
        asked.if_unknown,
        coalesce(measures.facts, 0) as facts,
        coalesce(measures.lower_bound, cast('-infinity' as double)) as lowest,
        coalesce(measures.upper_bound, cast('infinity' as double)) as highest
    from evaluated
    inner join asked
        on
            (
                (asked.with_prop_64 and evaluated.is_prop_64)
                or (asked.with_statute and evaluated.is_of_the_statute)
                or (asked.with_predecessors and evaluated.is_prop_64_predecessor)
                or (asked.with_related and evaluated.is_related)
            )
            and case when evaluated.source = 'ca_doj' then asked.with_doj else asked.with_court end
    left join measures
        on evaluated.conviction_key = measures.conviction_key and asked.measure = measures.measure

),

-- A comparison holds surely when it holds wherever the measure may lie, and fails surely when it holds nowhere there.
compared as (

    select
        conviction_number,
        criterion_number,
        if_unknown,
        facts,
        case
            when {{ surely_holds('operator', 'lowest', 'highest', 'threshold') }} then true
            when {{ surely_fails('operator', 'lowest', 'highest', 'threshold') }} then false
        end as holds
    from bounds

),

presumed as (

    select
        conviction_number,
        criterion_number,
        facts,
        holds is null and if_unknown <> 'review' as is_presumed,
        holds is not null and not holds as surely_fails,
        case
            when holds is not null then holds
            when if_unknown = 'presume_met' then true
            when if_unknown = 'presume_not_met' then false
        end as holds
    from compared

),

met as (

    select
        conviction_number,
        criterion_number,
        -- Not met and unknown is not met; met and unknown is unknown.
        case
            when sum(case when not holds then 1 else 0 end) > 0 then false
            when sum(case when holds is null then 1 else 0 end) > 0 then null
            else true
        end as outcome,
        bit_or(case when holds is null then facts else 0 end) as unknown_facts,
        -- A presumption matters where no other condition surely fails.
        case
            when bool_or(surely_fails) then 0
            else bit_or(case when is_presumed then facts else 0 end)
        end as assumed_facts
    from presumed
    group by conviction_number, criterion_number

),

criterion_numbers as (

    select distinct
        criterion_number,
        criterion_id
    from asked

),

final as (

    select
        evaluated.conviction_key,
        criterion_numbers.criterion_id,
        met.outcome,
        case when met.outcome is null then met.unknown_facts else 0 end as unknown_facts,
        met.assumed_facts
    from met
    inner join evaluated on met.conviction_number = evaluated.conviction_number
    inner join criterion_numbers on met.criterion_number = criterion_numbers.criterion_number

)

select * from final
