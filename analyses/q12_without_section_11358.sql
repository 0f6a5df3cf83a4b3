-- How many people would be without relief if section 11358 were left out?
-- People whose only dismissals are of section 11358 would have none without it.
select
    only_offense,
    people,
    mark
from rpt_research_people
where basis = 'dismissals' and only_offense in ('11358', 'all')
order by only_offense
