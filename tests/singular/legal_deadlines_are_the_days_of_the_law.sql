-- The deadlines of AB 1793 and AB 1706 are written here a second time, so that this test finds a wrong day in the seed.
with days_of_the_law as (

    select
        days.deadline_id,
        days.deadline_date
    from (
        values
        ('ab1793_list', date '2019-07-01'),
        ('challenge', date '2020-07-01'),
        ('ab1706_orders', date '2023-03-01'),
        ('ab1706_doj_update', date '2023-07-01'),
        ('ab1706_last_report', date '2024-06-01')
    ) as days (deadline_id, deadline_date)

),

reported as (

    select
        deadline_id,
        deadline_date
    from {{ ref('rpt_legal_deadlines') }}

)

select
    coalesce(days_of_the_law.deadline_id, reported.deadline_id) as deadline_id,
    days_of_the_law.deadline_date as day_of_the_law,
    reported.deadline_date as day_reported
from days_of_the_law
full outer join reported on days_of_the_law.deadline_id = reported.deadline_id
where days_of_the_law.deadline_date is distinct from reported.deadline_date
