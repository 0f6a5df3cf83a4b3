-- How do felony and misdemeanor dismissals compare by conviction year?
select
    year,
    level,
    dismissals,
    mark
from rpt_dismissals_by_year_and_offense
where
    unit = 'convictions'
    and year_basis = 'conviction_year'
    and year <> 'all'
    and offense = 'all'
    and level in ('felony', 'misdemeanor')
    and wave = 'all'
    and mark <> 'zero'
order by year, level
