with challenges as (

    select * from {{ ref('int_review__challenges') }}

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}

),

outcomes as (

    select * from {{ ref('int_orders__outcomes') }}

),

sentences as (

    select
        conviction_key,
        served_until_date,
        ended_from_date
    from {{ ref('int_statute__sentences') }}

),

-- The public defender must attempt to reach the person, so an attempt recorded for one conviction counts for all of the
-- person's challenged convictions.
attempts as (

    select
        convictions.person_key,
        max(events.event_date) as attempt_date,
        bool_or(events.event_date is null) as has_undated
    from {{ ref('int_orders__event_matches') }} as events
    inner join convictions on events.conviction_key = convictions.conviction_key
    where events.match_status = 'matched' and events.event_type = 'public_defender_attempt'
    group by convictions.person_key

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

-- A challenge is open until an order, a denial or earlier relief ends it.
undecided as (

    select
        challenges.*,
        coalesce(challenges.stated_status in ('challenged', 'cannot_tell'), false) as has_challenge,
        coalesce(outcomes.outcome, '') not like 'ordered_%'
        and coalesce(outcomes.outcome, '') not in ('denied', 'already_relieved') as is_undecided
    from challenges
    left join outcomes on challenges.conviction_key = outcomes.conviction_key

),

final as (

    select
        challenges.conviction_key,
        convictions.person_key,
        challenges.challenge_status,
        challenges.challenge_date,
        challenges.challenge_ground,
        challenges.withdrawal_date,
        challenges.told_by,
        challenges.challenge_deadline_date,
        challenges.is_past_challenge_deadline,
        challenges.challenge_deadline_citation,
        challenges.challenge_status = 'challenged' and challenges.is_undecided as is_open,
        challenges.stated_status,
        -- A conviction that may have been on the list is included here and not in `is_open`, so that it is counted
        -- once.
        challenges.was_on_the_list is not true and challenges.has_challenge and challenges.is_undecided
            as is_open_off_the_list,
        -- Risk of danger matters only while a sentence is served (H&S 11361.8(b)). The result is NULL if the ground or
        -- the end of the sentence is unknown.
        case
            when not challenges.has_challenge then false
            when lower(challenges.challenge_ground) not like '%risk%' then false
            when sentences.served_until_date > context.evaluated_as_of_date then false
            when challenges.challenge_ground is null then null
            when sentences.ended_from_date <= context.evaluated_as_of_date then true
        end as is_risk_against_completed_sentence,
        -- An attempt dated before the challenge is not about that challenge. If either day is unknown, this cannot be
        -- told.
        case
            when challenges.challenge_status <> 'challenged' then 'not_owed'
            when attempts.attempt_date >= challenges.challenge_date then 'attempted'
            when challenges.events_as_of_date is null then 'not_delivered'
            when attempts.has_undated or (attempts.attempt_date is not null and challenges.challenge_date is null)
                then 'cannot_tell'
            else 'no_attempt'
        end as public_defender_attempt,
        attempts.attempt_date as public_defender_attempt_date,
        cast(challenges.events_as_of_date as date) as events_as_of_date,
        cast(context.extract_as_of_date as date) as extract_as_of_date,
        context.is_synthetic,
        challenges.was_on_the_list,
        challenges.list_basis
    from undecided as challenges
    inner join convictions on challenges.conviction_key = convictions.conviction_key
    left join sentences on challenges.conviction_key = sentences.conviction_key
    left join attempts on convictions.person_key = attempts.person_key
    cross join context

)

select * from final
