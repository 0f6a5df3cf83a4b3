-- The parts of a conviction's sentence add up to the whole, and the count of each part is known.
with parts as (

    select
        doj_conviction_key,
        sum(sentence_days) as sentence_days
    from {{ ref('int_convictions__sentence_parts') }}
    where doj_conviction_key is not null
    group by doj_conviction_key

),

convictions as (

    select
        doj_conviction_key,
        sentence_days
    from {{ ref('int_convictions__criminal_history') }}

)

select convictions.doj_conviction_key is null as is_of_no_conviction
from convictions
full outer join parts on convictions.doj_conviction_key = parts.doj_conviction_key
where
    convictions.doj_conviction_key is null
    or abs(coalesce(convictions.sentence_days, 0) - coalesce(parts.sentence_days, 0)) > 0.001
