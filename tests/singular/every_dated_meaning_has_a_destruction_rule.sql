-- If a meaning had no rule, its convictions would get neither an answer nor a reason.
select statutes.statute_id
from {{ ref('statutes') }} as statutes
left join {{ ref('record_destruction') }} as record_destruction on statutes.statute_id = record_destruction.statute_id
where record_destruction.statute_id is null
