-- Gained one way is lost the other way; rules add up to the sum; gained and kept are all that the second policy grants.
with comparison as (

    select * from {{ ref('rpt_policy_comparison') }}

),

sums as (

    select * from comparison
    where to_rule_id = 'all'

),

rules as (

    select
        from_policy_id,
        to_policy_id,
        change,
        sum(convictions) as convictions
    from comparison
    where to_rule_id <> 'all'
    group by from_policy_id, to_policy_id, change

),

granted as (

    select
        determinations.policy_id,
        count(*) as convictions
    from {{ ref('fct_relief_determinations') }} as determinations
    -- The published rules also answer of convictions that have ended, which no report counts.
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
    'rules do not add up' as finding
from sums
left join rules
    on
        sums.from_policy_id = rules.from_policy_id
        and sums.to_policy_id = rules.to_policy_id
        and sums.change = rules.change
where sums.convictions is distinct from rules.convictions
union all
select
    granted_by_second.from_policy_id,
    granted_by_second.to_policy_id,
    'not all that is granted' as finding
from granted_by_second
left join granted on granted_by_second.to_policy_id = granted.policy_id
where granted_by_second.convictions <> coalesce(granted.convictions, 0)
