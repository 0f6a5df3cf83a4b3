-- Do people of different race wait longer between identification and order?
select
    race,
    days_to_order,
    convictions,
    mark
from rpt_research_in_review
where days_to_order <> 'all' and sex = 'all'
order by race, days_to_order
