-- What share of the dismissed convictions were felonies?
select
    max(dismissals) filter (where level = 'felony') as felonies,
    max(dismissals) filter (where level = 'all') as dismissals,
    round(max(dismissals) filter (where level = 'felony') / max(dismissals) filter (where level = 'all'), 4) as share
from rpt_dismissals_by_year_and_offense
where
    unit = 'convictions'
    and year_basis = 'conviction_year'
    and year = 'all'
    and offense = 'all'
    and level in ('felony', 'all')
    and wave = 'all'
