-- This is a view. The AB 1706 export reads it for one policy at a time.
with challenges as (

    select * from {{ ref('int_review__challenges') }}
    where was_on_the_list is not false

),

-- Convictions of the county that were or may have been on the list, including attempts, conspiracies and H&S 11361.
listed as (

    select
        convictions.conviction_key,
        convictions.person_key
    from {{ ref('fct_convictions') }} as convictions
    inner join challenges on convictions.conviction_key = challenges.conviction_key
    where convictions.is_in_county

),

policies as (

    select
        policy_id,
        policy_version
    from {{ ref('dim_policies') }}

),

determinations as (

    select
        conviction_key,
        policy_id,
        determination
    from {{ ref('fct_relief_determinations') }}

),

outcomes as (

    select * from {{ ref('int_orders__outcomes') }}

),

deadlines as (

    select
        max(case when deadline_id = 'challenge' then deadline_date end) as challenge_deadline_date,
        max(case when deadline_id = 'ab1706_orders' then deadline_date end) as order_deadline_date,
        max(case when deadline_id = 'ab1706_orders' then citation end) as order_deadline_citation
    from {{ ref('legal_deadlines') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

-- `list_standing` is the first standing that applies. A conviction was unchallenged on the last day to challenge if
-- nobody had challenged it by then, or if the challenge had been withdrawn by then.
final as (

    select
        listed.conviction_key,
        policies.policy_id,
        policies.policy_version,
        listed.person_key,
        case
            when outcomes.outcome like 'ordered_%' or outcomes.outcome = 'already_relieved' then 'relieved'
            when outcomes.outcome = 'denied' then 'denied'
            when challenges.was_on_the_list is null then 'list_unknown'
            when challenges.challenge_status = 'challenged' then 'challenged'
            when
                challenges.events_as_of_date >= deadlines.order_deadline_date
                and (
                    challenges.challenge_status = 'not_challenged'
                    or (
                        challenges.challenge_status = 'withdrawn'
                        and challenges.withdrawal_date <= deadlines.challenge_deadline_date
                    )
                )
                then 'overdue'
            else 'waiting'
        end as list_standing,
        case
            when determinations.determination is null then 'not evaluated'
            when determinations.determination like 'Eligible%' then 'granted'
            when determinations.determination = 'Hand Review' then 'hand review'
            else 'not granted'
        end as policy_answer,
        challenges.challenge_status,
        challenges.challenge_ground,
        challenges.challenge_date,
        challenges.is_past_challenge_deadline,
        outcomes.outcome,
        cast(deadlines.order_deadline_date as date) as order_deadline_date,
        deadlines.order_deadline_citation,
        cast(challenges.events_as_of_date as date) as events_as_of_date,
        cast(context.extract_as_of_date as date) as extract_as_of_date,
        context.is_synthetic,
        challenges.was_on_the_list,
        challenges.list_basis
    from listed
    cross join policies
    cross join deadlines
    cross join context
    left join determinations
        on listed.conviction_key = determinations.conviction_key and policies.policy_id = determinations.policy_id
    inner join challenges on listed.conviction_key = challenges.conviction_key
    left join outcomes on listed.conviction_key = outcomes.conviction_key

)

select * from final
