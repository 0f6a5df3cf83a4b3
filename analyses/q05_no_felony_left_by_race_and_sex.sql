-- How many people have no felony left after relief by race and sex?
select
    race,
    sex,
    people,
    mark
from rpt_research_people
where basis = 'relief orders' and felony_outcome = 'no felony left'
order by race, sex
