-- Two people are never one, whatever their case number says; only an attorney may decide that a CII number is wrong.
select links.doj_conviction_key
from {{ ref('int_identity__conviction_links') }} as links
inner join {{ ref('int_criminal_history__convictions') }} as doj_convictions
    on links.doj_conviction_key = doj_convictions.doj_conviction_key
inner join {{ ref('int_court__convictions') }} as court_convictions
    on links.court_conviction_key = court_convictions.court_conviction_key
where doj_convictions.cii_number <> court_convictions.cii_number and links.link_basis <> 'review_decision'
