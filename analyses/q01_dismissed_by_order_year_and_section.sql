-- How many convictions were dismissed in each order year for each section?
select
    year,
    offense,
    dismissals,
    mark
from rpt_dismissals_by_year_and_offense
where
    unit = 'convictions'
    and year_basis = 'relief_order_year'
    and year <> 'all'
    and offense <> 'all'
    and level = 'all'
    and wave = 'all'
    and mark <> 'zero'
order by year, offense
