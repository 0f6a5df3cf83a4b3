-- Which kinds of arresting agency stand behind the dismissed convictions?
select
    arresting_agency_type,
    convictions,
    mark
from rpt_research_dismissals
where arresting_agency_type <> 'all'
order by arresting_agency_type
