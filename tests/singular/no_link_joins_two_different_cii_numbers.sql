-- Two CII numbers that differ by more than a typing error belong to two people, unless an attorney decided that they
-- belong to one.
select links.doj_conviction_key
from {{ ref('int_identity__conviction_links') }} as links
inner join {{ ref('int_convictions__criminal_history') }} as doj on links.doj_conviction_key = doj.doj_conviction_key
inner join {{ ref('int_convictions__court') }} as court on links.court_conviction_key = court.court_conviction_key
inner join {{ ref('int_criminal_history__subjects') }} as subjects on doj.subject_key = subjects.subject_key
where
    subjects.cii_number <> court.cii_number
    and not {{ one_edit_apart('subjects.cii_number', 'court.cii_number') }}
    and links.link_basis <> 'review_decision'
