-- How many of 1000 identified convictions have reached each stage?
-- To have reached a stage is to stand in it or in a later one.
with standing as (

    select
        standing,
        convictions,
        mark
    from rpt_relief_standing
    where courthouse = 'all'

),

stages as (

    select *
    from (
        values
        (1, 'identified', ['not_ordered', 'ordered', 'entered', 'court_record_updated', 'visible', 'unknown']),
        (2, 'ordered', ['ordered', 'entered', 'court_record_updated', 'visible']),
        (3, 'entered', ['entered', 'court_record_updated', 'visible']),
        (4, 'court_record_updated', ['court_record_updated', 'visible']),
        (5, 'visible', ['visible'])
    )

)

select
    stages.stage_number,
    stages.stage,
    case
        when not bool_or(standing.mark = 'suppressed')
            then
                round(1000 * sum(
                    standing.convictions) / (
                    select max(convictions) from standing
                    where standing = 'all'
                ))
    end as of_1000
from stages
inner join standing on list_contains(stages.standings, standing.standing)
group by stages.stage_number, stages.stage
order by stages.stage_number
