-- Convictions that the rules send to an attorney = decided + settled + waiting. The reasons add up to the total, and
-- each decided conviction has a decision.
with progress as (

    select * from {{ ref('rpt_review_progress') }}

),

sums as (

    select
        policy_id,
        sum(case when review_reason = 'all' then to_review else -to_review end) as to_review,
        sum(case when review_reason = 'all' then decided else -decided end) as decided
    from progress
    group by policy_id

),

sent as (

    select
        policy_id,
        count(*) as to_review,
        count(decision_key) filter (where determination <> 'Hand Review') as decided
    from {{ ref('fct_relief_determinations') }}
    where rule_determination = 'Hand Review' or determination = 'Hand Review'
    group by policy_id

)

select
    progress.policy_id,
    progress.review_reason
from progress
left join sent on progress.policy_id = sent.policy_id
where
    progress.to_review <> progress.decided + progress.settled + progress.waiting
    or (
        progress.review_reason = 'all'
        and (progress.to_review is distinct from sent.to_review or progress.decided is distinct from sent.decided)
    )
union all
select
    policy_id,
    'the reasons do not add up' as review_reason
from sums
where to_review <> 0 or decided <> 0
