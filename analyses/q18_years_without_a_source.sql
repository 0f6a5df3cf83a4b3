-- For which years is each source unreliable?
select
    source,
    year,
    covers_felonies,
    covers_misdemeanors,
    gap
from audit_source_years
where covers_felonies = 'no' or covers_misdemeanors = 'no' or gap <> 'none'
order by source, year
