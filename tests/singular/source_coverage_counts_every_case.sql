-- Every case and every conviction of every file is counted in one year, one courthouse and one county.
with coverage as (

    select
        source,
        sum(cases) as cases,
        sum(felony_convictions + misdemeanor_convictions + other_convictions) as convictions
    from {{ ref('audit_source_coverage') }}
    group by source

),

files as (

    select
        'la_court' as source,
        (select count(*) from {{ ref('int_court__cases') }}) as cases,
        (select count(*) from {{ ref('int_convictions__court') }}) as convictions
    union all
    select
        'ca_doj' as source,
        0 as cases,
        (
            select count(*) from {{ ref('int_convictions__criminal_history') }}
            where is_count_order_valid
        ) as convictions

)

select files.source
from files
left join coverage on files.source = coverage.source
where coalesce(coverage.cases, 0) <> files.cases or coalesce(coverage.convictions, 0) <> files.convictions
