-- For how many convictions does the statutory policy give no answer, and which facts are missing?
select
    missing_facts,
    counted as convictions,
    mark
from rpt_research_policies
where
    unit = 'convictions' and statute_rule = 'cannot tell' and statute_answer = 'hand review' and pilot_answer = 'all'
order by missing_facts
