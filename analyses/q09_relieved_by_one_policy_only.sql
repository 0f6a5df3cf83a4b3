-- How many convictions and people would get relief under only one of two policies, and by which rule?
-- Convictions are counted by the rule that grants relief. People are counted without a rule, because several rules may
-- grant relief to one person.
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
