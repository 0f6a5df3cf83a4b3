with reviews as (

    select * from {{ ref('fct_hand_reviews') }}

),

by_reason as (

    select
        policy_id,
        policy_version,
        rule_reason as review_reason,
        review_status,
        waiting_days,
        queue_as_of_date,
        evaluated_as_of_date,
        is_synthetic
    from reviews
    union all
    select
        policy_id,
        policy_version,
        'all' as review_reason,
        review_status,
        waiting_days,
        queue_as_of_date,
        evaluated_as_of_date,
        is_synthetic
    from reviews

),

counted as (

    select
        policy_id,
        max(policy_version) as policy_version,
        review_reason,
        'convictions' as unit,
        count(*) as to_review,
        count(*) filter (where review_status = 'decided') as decided,
        count(*) filter (where review_status = 'settled') as settled,
        count(*) filter (where review_status = 'waiting') as waiting,
        max(waiting_days) filter (where review_status = 'waiting') as oldest_waiting_days,
        median(waiting_days) filter (where review_status = 'waiting') as median_waiting_days,
        max(queue_as_of_date) as queue_as_of_date,
        max(evaluated_as_of_date) as evaluated_as_of_date,
        bool_or(is_synthetic) as is_synthetic
    from by_reason
    group by policy_id, review_reason

),

policies as (

    select
        policy_id,
        title as policy_title,
        variant_of,
        status
    from {{ ref('dim_policies') }}

),

final as (

    select
        counted.policy_id,
        policies.policy_title,
        policies.variant_of,
        policies.status,
        counted.policy_version,
        counted.review_reason,
        counted.unit,
        counted.to_review,
        counted.decided,
        counted.settled,
        counted.waiting,
        -- The denominator leaves out convictions that a court has settled, because they no longer need a decision.
        cast(counted.decided as double) / nullif(counted.decided + counted.waiting, 0) as share_decided,
        counted.oldest_waiting_days,
        cast(counted.median_waiting_days as double) as median_waiting_days,
        counted.queue_as_of_date,
        counted.evaluated_as_of_date,
        counted.is_synthetic
    from counted
    inner join policies on counted.policy_id = policies.policy_id

)

select * from final
