-- In the totals of the report by year, a case with counts in two years counts once, and so does a person with two
-- cases.
with dismissed as (

    select
        conviction_key,
        case_key,
        person_key
    from {{ ref('fct_convictions') }}
    where is_dismissed_by_order and coalesce(is_in_county, true)

),

expected as (

    select
        'convictions' as unit,
        count(*) as dismissals
    from dismissed
    union all
    select
        'cases' as unit,
        count(distinct case_key) as dismissals
    from dismissed
    union all
    select
        'people' as unit,
        count(distinct person_key) as dismissals
    from dismissed

),

reported as (

    select
        unit,
        dismissals
    from {{ ref('rpt_dismissals_by_year_and_offense') }}
    where year = 'all' and offense = 'all' and level = 'all' and wave = 'all'

)

select expected.*
from expected
left join reported on expected.unit = reported.unit
where expected.dismissals <> coalesce(reported.dismissals, 0)
