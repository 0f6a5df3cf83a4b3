-- This is a view. The worklist reads it for one policy at a time.
with determinations as (

    select * from {{ ref('fct_relief_determinations') }}
    where rule_determination = 'Hand Review' or determination = 'Hand Review'

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}

),

outcomes as (

    select * from {{ ref('int_orders__outcomes') }}

),

priorities as (

    select * from {{ ref('int_filing__priorities') }}

),

challenges as (

    select * from {{ ref('int_review__challenges') }}

),

received as (

    select * from {{ ref('int_review__received_decisions') }}

),

-- The age of a review is counted up to the newest as-of date of all files, including decisions and events.
clock as (

    select max(as_of_date) as queue_as_of_date
    from {{ ref('stg_landing__deliveries') }}
    where status = 'landed'

),

joined as (

    select
        determinations.* exclude (cannot_tell),
        -- The missing facts are taken from the rules' reason, because a determination decided by an attorney lists
        -- none.
        case
            when determinations.rule_reason like 'Cannot tell: %' then substr(determinations.rule_reason, 14)
            else ''
        end as cannot_tell,
        convictions.person_key,
        convictions.conviction_date,
        received.received_date,
        clock.queue_as_of_date,
        priorities.in_custody,
        priorities.in_custody_basis,
        priorities.has_pending_petition,
        challenges.challenge_status,
        challenges.challenge_ground,
        challenges.challenge_date,
        challenges.challenge_deadline_date,
        case
            when determinations.determination <> 'Hand Review' then 'decided'
            -- If an order or a denial is on record, nothing is left to decide.
            when outcomes.outcome like 'ordered_%' or outcomes.outcome in ('denied', 'already_relieved') then 'settled'
            else 'waiting'
        end as review_status
    from determinations
    inner join convictions on determinations.conviction_key = convictions.conviction_key
    inner join priorities on convictions.person_key = priorities.person_key
    cross join clock
    left join received on determinations.conviction_key = received.conviction_key
    left join outcomes on determinations.conviction_key = outcomes.conviction_key
    left join challenges on determinations.conviction_key = challenges.conviction_key

),

final as (

    select
        conviction_key,
        policy_id,
        policy_version,
        person_key,
        source,
        delivery_id,
        row_no,
        review_status,
        case when in_custody = 'yes' or has_pending_petition = 'yes' then 1 else 2 end as priority,
        in_custody,
        in_custody_basis,
        has_pending_petition,
        rule_reason,
        cannot_tell,
        {{ facts_in_words('cannot_tell') }} as missing_in_words,
        conviction_date,
        received_date,
        queue_as_of_date,
        cast(datediff('day', received_date, queue_as_of_date) as bigint) as waiting_days,
        challenge_status,
        challenge_ground,
        challenge_date,
        challenge_deadline_date,
        decision_key,
        decided_by,
        decided_date,
        decision_ground,
        evaluated_as_of_date,
        is_synthetic
    from joined

)

select * from final
