-- Convictions = those of the DOJ's file + those of court records - the pairs that are one and the same.
with counted as (

    select
        (select count(*) from {{ ref('fct_convictions') }}) as convictions,
        (select count(*) from {{ ref('int_criminal_history__convictions') }}) as doj_convictions,
        (select count(*) from {{ ref('int_court__convictions') }}) as court_convictions,
        (select count(*) from {{ ref('int_identity__conviction_links') }}) as links

)

select *
from counted
where convictions <> doj_convictions + court_convictions - links
