-- How many people would have no dismissal if section 11358 were left out?
-- These are the people all of whose dismissals are for section 11358.
select
    only_offense,
    people,
    mark
from rpt_research_people
where basis = 'dismissals' and only_offense in ('11358', 'all')
order by only_offense
