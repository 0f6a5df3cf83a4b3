-- The lines add up to the statuses. The statuses add up to the total, which is the number of convictions that the
-- policy grants. One policy is tested, to save time.
{% set policy = 'statutory_11361_8' %}
with counts as (

    select
        line_type,
        sum(convictions) as convictions
    from {{ ref('rpt_filing_counts') }}
    where policy_id = '{{ policy }}'
    group by line_type

),

grants as (

    select count(*) as convictions
    from {{ ref('fct_relief_determinations') }}
    where policy_id = '{{ policy }}' and starts_with(determination, 'Eligible')

)

select
    counts.line_type,
    counts.convictions,
    grants.convictions as granted
from counts
cross join grants
where counts.convictions <> grants.convictions
union all
select
    'none' as line_type,
    0 as convictions,
    grants.convictions as granted
from grants
where grants.convictions > 0 and not exists (select 1 from counts)
