-- Which kinds of agency made the arrests of the dismissed convictions?
select
    arresting_agency_type,
    convictions,
    mark
from rpt_research_dismissals
where arresting_agency_type <> 'all'
order by arresting_agency_type
