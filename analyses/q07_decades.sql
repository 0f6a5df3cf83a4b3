-- From which decades do the dismissed convictions come?
select
    decade,
    convictions,
    mark
from rpt_research_dismissals
where decade <> 'all'
order by decade
