-- Convictions gained in one direction of a comparison are lost in the other direction, and each level adds up to the
-- same sum. Gained and kept convictions together are all that the second policy grants. The report is a view over every
-- pair of policies, so only some pairs are tested: policies with different sources, and a variant with its original.
{% set policies = "('statutory_11361_8', 'statutory_11361_8_more_plants', 'la_pilot_2019', 'dismiss_all_prop64')" %}
with comparison as (

    select
        *,
        case
            when from_rule_id = 'all' and from_determination = '' and to_rule_id = 'all' and to_determination = ''
                then 'sum'
            when from_rule_id = 'all' and from_determination = '' then 'rules of the second'
            when to_rule_id = 'all' and to_determination = '' then 'rules of the first'
            else 'rules of both'
        end as level
    from {{ ref('rpt_policy_comparison') }}
    where from_policy_id in {{ policies }} and to_policy_id in {{ policies }}

),

sums as (

    select * from comparison
    where level = 'sum'

),

levels as (

    select
        from_policy_id,
        to_policy_id,
        change,
        level,
        sum(convictions) as convictions
    from comparison
    group by from_policy_id, to_policy_id, change, level

),

granted as (

    select
        determinations.policy_id,
        count(*) as convictions
    from {{ ref('fct_relief_determinations') }} as determinations
    -- The published rules also evaluate convictions that have ended, which no report counts.
    inner join {{ ref('fct_convictions') }} as convictions
        on determinations.conviction_key = convictions.conviction_key
    where starts_with(determinations.rule_determination, 'Eligible')
    group by determinations.policy_id

),

granted_by_second as (

    select
        from_policy_id,
        to_policy_id,
        sum(case when change in ('gained', 'kept') then convictions else 0 end) as convictions
    from sums
    group by from_policy_id, to_policy_id

)

select
    sums.from_policy_id,
    sums.to_policy_id,
    'the reverse differs' as finding
from sums
left join sums as reverse
    on
        sums.from_policy_id = reverse.to_policy_id
        and sums.to_policy_id = reverse.from_policy_id
        and reverse.change = case sums.change when 'gained' then 'lost' when 'lost' then 'gained' else sums.change end
where sums.convictions is distinct from reverse.convictions or sums.people is distinct from reverse.people
union all
select
    sums.from_policy_id,
    sums.to_policy_id,
    levels.level || ' do not add up' as finding
from sums
left join levels
    on
        sums.from_policy_id = levels.from_policy_id
        and sums.to_policy_id = levels.to_policy_id
        and sums.change = levels.change
where sums.convictions is distinct from levels.convictions
union all
select
    granted_by_second.from_policy_id,
    granted_by_second.to_policy_id,
    'not all that is granted' as finding
from granted_by_second
left join granted on granted_by_second.to_policy_id = granted.policy_id
where granted_by_second.convictions <> coalesce(granted.convictions, 0)
