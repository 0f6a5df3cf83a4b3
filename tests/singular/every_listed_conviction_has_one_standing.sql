-- Standings add up to the convictions on the DOJ's list, each counted once; asked of one policy, to cost little.
with listed as (

    select count(*) as convictions
    from {{ ref('fct_convictions') }}
    where is_in_review and doj_conviction_key is not null

),

standings as (

    select
        count(*) as convictions,
        count(*) filter (where list_standing in ('relieved', 'denied', 'challenged', 'overdue', 'waiting')) as placed
    from {{ ref('fct_ab1706_list') }}
    where policy_id = 'statutory_11361_8'

)

select
    listed.convictions as listed,
    standings.convictions as accounted,
    standings.placed
from listed
cross join standings
where listed.convictions <> standings.convictions or standings.convictions <> standings.placed
