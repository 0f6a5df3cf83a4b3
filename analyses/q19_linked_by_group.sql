-- How well are the two record systems linked for each group?
-- The share is that of convictions found in both record systems and linked, among the group's convictions in review.
select
    race,
    sex,
    age_band,
    max(convictions) filter (where known_to = 'both') as linked,
    max(convictions) filter (where known_to = 'all') as in_review,
    round(max(convictions) filter (where known_to = 'both') / max(convictions) filter (where known_to = 'all'), 4)
        as share_linked
from rpt_research_in_review
where
    wave = 'all'
    and link = 'all'
    and standing = 'all'
    and days_to_order = 'all'
    and not (race <> 'all' and sex <> 'all')
group by race, sex, age_band
order by race, sex, age_band
