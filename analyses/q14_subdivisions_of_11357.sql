-- Which subdivisions of 11357 were dismissed?
select
    offense_letter,
    convictions,
    mark
from rpt_research_dismissals
where offense = '11357' and offense_letter <> 'all'
order by offense_letter
