-- How many of 1000 identified convictions have reached each stage?
-- A conviction has reached a stage if it is in that stage or a later one.
with standing as (

    select
        standing,
        convictions,
        mark
    from rpt_relief_standing
    where courthouse = 'all'

),

stages as (

    select
        1 as stage_number,
        'identified' as stage,
        ['all'] as standings
    union all
    select
        2 as stage_number,
        'ordered' as stage,
        ['ordered', 'entered', 'court_record_updated', 'visible'] as standings
    union all
    select
        3 as stage_number,
        'entered' as stage,
        ['entered', 'court_record_updated', 'visible'] as standings
    union all
    select
        4 as stage_number,
        'court_record_updated' as stage,
        ['court_record_updated', 'visible'] as standings
    union all
    select
        5 as stage_number,
        'visible' as stage,
        ['visible'] as standings

),

identified as (

    select convictions
    from standing
    where standing = 'all'

)

select
    stages.stage_number,
    stages.stage,
    case
        when not bool_or(standing.mark = 'suppressed')
            then round(1000 * sum(standing.convictions) / max(identified.convictions))
    end as of_1000
from stages
cross join identified
inner join standing on list_contains(stages.standings, standing.standing)
group by stages.stage_number, stages.stage
order by stages.stage_number
