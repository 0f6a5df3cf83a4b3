-- How many convictions of the second wave are only in the court's records?
select
    known_to,
    convictions,
    mark
from rpt_research_in_review
where
    wave = '2' and race = 'all' and sex = 'all' and age_band = 'all' and link = 'all' and standing = 'all'
    and days_to_order = 'all'
order by known_to
