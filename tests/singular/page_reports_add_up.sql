-- Each report of the pages is compared with an independent count: groups of people, rules of a policy, changes between
-- two policies, courthouses of the list.
with outcomes as (

    select
        people_with_relief,
        no_felony_left,
        no_conviction_left,
        no_conviction_last_7_years,
        cannot_tell
    from {{ ref('rpt_people_outcomes') }}
    where basis = 'relief orders' and overdue_records = 'counted'

),

by_group as (

    select
        basis,
        group_type,
        sum(people_in_review) as people_in_review,
        sum(people_with_relief) as people_with_relief,
        sum(no_felony_left) as no_felony_left,
        sum(no_conviction_left) as no_conviction_left,
        sum(no_conviction_last_7_years) as no_conviction_last_7_years,
        sum(cannot_tell) as cannot_tell
    from {{ ref('rpt_people_outcomes_by_group') }}
    group by basis, group_type

),

everybody as (

    select * from by_group
    where group_type = 'all'

),

rules as (

    select
        policy_id,
        sum(convictions) as convictions
    from {{ ref('rpt_policy_rules') }}
    group by policy_id

),

determinations as (

    select
        determinations.policy_id,
        count(*) as convictions
    from {{ ref('fct_relief_determinations') }} as determinations
    -- The published rules also evaluate convictions that have ended, which no report counts.
    inner join {{ ref('fct_convictions') }} as convictions
        on determinations.conviction_key = convictions.conviction_key
    group by determinations.policy_id

),

changes as (

    select
        case by_rule_of when 'from' then rule_id else 'all' end as from_rule_id,
        case by_rule_of when 'to' then rule_id else 'all' end as to_rule_id,
        change,
        convictions,
        people
    from {{ ref('rpt_policy_changes') }}
    where from_policy_id = 'statutory_11361_8' and to_policy_id = 'statutory_11361_8_more_plants'

),

comparison as (

    select
        from_rule_id,
        to_rule_id,
        change,
        convictions,
        people
    from {{ ref('rpt_policy_comparison') }}
    where
        from_policy_id = 'statutory_11361_8'
        and to_policy_id = 'statutory_11361_8_more_plants'
        and 'all' in (from_rule_id, to_rule_id)

),

listed as (

    select
        sum(convictions) filter (where courthouse = 'all') as in_all,
        sum(convictions) filter (where courthouse <> 'all') as by_courthouse
    from {{ ref('rpt_ab1706_list') }}
    where policy_id = 'statutory_11361_8'

),

final as (

    select 'groups of people and everybody' as what
    from by_group
    inner join everybody on by_group.basis = everybody.basis
    where
        by_group.people_in_review is distinct from everybody.people_in_review
        or by_group.people_with_relief is distinct from everybody.people_with_relief
        or by_group.no_felony_left is distinct from everybody.no_felony_left
        or by_group.no_conviction_left is distinct from everybody.no_conviction_left
        or by_group.no_conviction_last_7_years is distinct from everybody.no_conviction_last_7_years
        or by_group.cannot_tell is distinct from everybody.cannot_tell
    union all
    select 'everybody and the report on people' as what
    from everybody
    cross join outcomes
    where
        everybody.basis = 'relief orders'
        and (
            everybody.people_with_relief is distinct from outcomes.people_with_relief
            or everybody.no_felony_left is distinct from outcomes.no_felony_left
            or everybody.no_conviction_left is distinct from outcomes.no_conviction_left
            or everybody.no_conviction_last_7_years is distinct from outcomes.no_conviction_last_7_years
            or everybody.cannot_tell is distinct from outcomes.cannot_tell
        )
    union all
    select 'rules and determinations of ' || determinations.policy_id as what
    from determinations
    left join rules on determinations.policy_id = rules.policy_id
    where determinations.convictions is distinct from rules.convictions
    union all
    select 'changes and comparison of two policies' as what
    from changes
    full outer join comparison
        on
            changes.from_rule_id = comparison.from_rule_id
            and changes.to_rule_id = comparison.to_rule_id
            and changes.change = comparison.change
    where
        changes.convictions is distinct from comparison.convictions
        or changes.people is distinct from comparison.people
    union all
    select 'courthouses of the list and all' as what
    from listed
    where in_all is distinct from by_courthouse

)

select * from final
