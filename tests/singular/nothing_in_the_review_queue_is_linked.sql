-- A pair is either waiting for review or linked, never both.
select review_queue.doj_conviction_key
from {{ ref('int_identity__review_queue') }} as review_queue
inner join {{ ref('int_identity__conviction_links') }} as links
    on
        review_queue.doj_conviction_key = links.doj_conviction_key
        or review_queue.court_conviction_key = links.court_conviction_key
