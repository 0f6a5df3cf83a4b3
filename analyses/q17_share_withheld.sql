-- What share of each published table is withheld?
-- The denominator is the rows with a shown or a withheld count. Zeros are left out because they hide nobody.
with marks as (

    select
        'rpt_dismissals_by_year_and_offense' as table_name,
        mark
    from rpt_dismissals_by_year_and_offense
    union all
    select
        'rpt_progress_toward_published_totals' as table_name,
        mark
    from rpt_progress_toward_published_totals
    union all
    select
        'rpt_people_outcomes' as table_name,
        mark
    from rpt_people_outcomes
    union all
    select
        'rpt_relief_standing' as table_name,
        mark
    from rpt_relief_standing
    union all
    select
        'rpt_research_dismissals' as table_name,
        mark
    from rpt_research_dismissals
    union all
    select
        'rpt_research_in_review' as table_name,
        mark
    from rpt_research_in_review
    union all
    select
        'rpt_research_stage_days' as table_name,
        mark
    from rpt_research_stage_days
    union all
    select
        'rpt_research_people' as table_name,
        mark
    from rpt_research_people
    union all
    select
        'rpt_research_policies' as table_name,
        mark
    from rpt_research_policies

)

select
    table_name,
    count(*) filter (where mark = 'suppressed') as withheld,
    count(*) as counted,
    round(count(*) filter (where mark = 'suppressed') / count(*), 4) as share_withheld
from marks
where mark in ('value', 'suppressed')
group by table_name
order by table_name
