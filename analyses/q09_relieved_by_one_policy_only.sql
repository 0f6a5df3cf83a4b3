-- How many convictions and people would one policy relieve that another would not and by which rule?
-- Convictions by the rule of the policy that relieves them, and people, whom no single rule relieves.
select
    unit,
    statute_answer,
    pilot_answer,
    statute_rule,
    pilot_rule,
    counted,
    mark
from rpt_research_policies
where
    (statute_answer = 'granted' and pilot_answer not in ('granted', 'all') and pilot_rule = 'all')
    or (pilot_answer = 'granted' and statute_answer not in ('granted', 'all') and statute_rule = 'all')
order by unit, statute_answer, pilot_answer, statute_rule, pilot_rule
