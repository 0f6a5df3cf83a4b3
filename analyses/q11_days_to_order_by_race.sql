-- How does the wait from identification to order differ by race?
select
    race,
    days_to_order,
    convictions,
    mark
from rpt_research_in_review
where days_to_order <> 'all' and sex = 'all'
order by race, days_to_order
