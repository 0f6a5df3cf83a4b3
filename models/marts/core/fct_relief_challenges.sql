with challenges as (

    select * from {{ ref('int_relief__challenges') }}

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}

),

outcomes as (

    select * from {{ ref('int_filing__outcomes') }}

),

context as (

    select * from {{ ref('int_relief__evaluation_context') }}

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
        -- A challenge is open until an order, a denial or earlier relief ends it.
        challenges.challenge_status = 'challenged'
        and coalesce(outcomes.outcome, '') not like 'ordered_%'
        and coalesce(outcomes.outcome, '') not in ('denied', 'already_relieved') as is_open,
        cast(challenges.events_as_of_date as date) as events_as_of_date,
        cast(context.extract_as_of_date as date) as extract_as_of_date,
        context.is_synthetic
    from challenges
    inner join convictions on challenges.conviction_key = convictions.conviction_key
    left join outcomes on challenges.conviction_key = outcomes.conviction_key
    cross join context

)

select * from final
