-- What share of the ordered convictions has not been entered after 30 days at each courthouse?
-- Convictions entered after more than 30 days, or not yet; those ordered less than 30 days ago are left out.
with counted as (

    select
        courthouse,
        max(convictions) filter (where result = 'reached within 30 days') as in_time,
        -- A result without a row is zero; one that is withheld leaves the share unknown.
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
