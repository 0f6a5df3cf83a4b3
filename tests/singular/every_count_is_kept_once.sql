-- The counts hold every row that counts, and every conviction is one of them.
with counts as (

    select
        count(*) as counts,
        count(distinct subject_key || '|' || count_key) as distinct_counts,
        sum(row_count) as row_count,
        count(doj_conviction_key) as convictions,
        sum(case when is_convicted and charged_convicted_difference is null then 1 else 0 end) as not_compared
    from {{ ref('int_criminal_history__counts') }}

),

expected as (

    select
        (select count(*) from {{ ref('int_criminal_history__rows') }}) as row_count,
        (select count(*) from {{ ref('int_criminal_history__convictions') }}) as convictions

)

select counts.*
from counts
cross join expected
where
    counts.counts <> counts.distinct_counts
    or coalesce(counts.row_count, 0) <> expected.row_count
    or counts.convictions <> expected.convictions
    or counts.not_compared > 0
