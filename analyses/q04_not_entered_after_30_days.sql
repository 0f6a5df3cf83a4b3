-- What share of the ordered convictions has not been entered after 30 days at each courthouse?
-- An order that was entered later than that counts too. Convictions ordered less than 30 days ago and not yet entered
-- are left out.
with counted as (

    select
        courthouse,
        max(convictions) filter (where result = 'reached within 30 days') as in_time,
        -- A result without a row counts as zero. If a count is withheld, the share is unknown.
        case
            when bool_or(mark = 'suppressed' and result in ('reached later', 'waiting longer')) then null
            else coalesce(sum(convictions) filter (where result in ('reached later', 'waiting longer')), 0)
        end as late
    from rpt_research_stage_days
    where transition = 'order_to_entered' and wave = 'all' and result <> 'all'
    group by courthouse

)

select
    courthouse,
    in_time,
    late,
    round(late / (in_time + late), 4) as share_late
from counted
order by courthouse
