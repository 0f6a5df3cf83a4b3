-- How old were people on the day of a conviction that was later dismissed?
select
    age_at_conviction,
    convictions,
    mark
from rpt_research_dismissals
where age_at_conviction <> 'all'
order by age_at_conviction
