-- Whether each conviction is challenged: by the events, and by what attorneys decided.
with convictions as (

    select
        conviction_key,
        -- The DOJ's list is the DOJ's file: what the court's file alone holds was sent to no prosecutor.
        coalesce(source = 'la_court', false) as is_of_court_only
    from {{ ref('int_identity__convictions') }}

),

deliveries as (

    select
        count(*) > 0 as is_delivered,
        max(as_of_date) as events_as_of_date
    from {{ ref('stg_landing__deliveries') }}
    where source = 'relief_events' and status = 'landed'

),

deadlines as (

    select
        deadline_date,
        citation
    from {{ ref('legal_deadlines') }}
    where deadline_id = 'challenge'

),

told as (

    select
        conviction_key,
        case event_type when 'challenged' then 'challenged' else 'withdrawn' end as verdict,
        event_date as told_date,
        coalesce(legal_ground, reason) as ground,
        'relief_event' as told_by
    from {{ ref('int_identity__event_matches') }}
    where match_status = 'matched' and event_type in ('challenged', 'challenge_withdrawn')
    union all
    select
        conviction_key,
        verdict,
        decision_date as told_date,
        ground,
        'review_decision' as told_by
    from {{ ref('int_decisions__convictions') }}
    where decision_type = 'challenge' and decision_status = 'in_force'

),

summed as (

    select
        conviction_key,
        count(*) filter (where verdict = 'challenged') as challenges,
        count(*) filter (where verdict = 'withdrawn') as withdrawals,
        -- Reviewed and not challenged, after a challenge: it is withdrawn.
        count(*) filter (where verdict <> 'challenged') as ends,
        bool_or(told_date is null) as has_undated,
        max(told_date) filter (where verdict = 'challenged') as challenge_date,
        max(told_date) filter (where verdict <> 'challenged') as withdrawal_date,
        first(ground order by told_date desc nulls last) filter (where verdict = 'challenged') as challenge_ground,
        first(told_by order by told_date desc nulls last) as told_by
    from told
    group by conviction_key

),

final as (

    select
        convictions.conviction_key,
        case
            when convictions.is_of_court_only then 'not_on_the_list'
            when summed.conviction_key is null and not deliveries.is_delivered then 'not_delivered'
            when summed.conviction_key is null then 'not_challenged'
            when summed.challenges = 0 and summed.withdrawals = 0 then 'not_challenged'
            when summed.challenges = 0 then 'withdrawn'
            when summed.ends = 0 then 'challenged'
            -- A challenge and a withdrawal of which one has no day: which came last cannot be told.
            when summed.has_undated then 'cannot_tell'
            when summed.withdrawal_date >= summed.challenge_date then 'withdrawn'
            else 'challenged'
        end as challenge_status,
        summed.challenge_date,
        summed.challenge_ground,
        case when summed.challenges + summed.withdrawals > 0 then summed.withdrawal_date end as withdrawal_date,
        summed.told_by,
        case when not convictions.is_of_court_only then deadlines.deadline_date end as challenge_deadline_date,
        case when not convictions.is_of_court_only then summed.challenge_date > deadlines.deadline_date end
            as is_past_challenge_deadline,
        case when not convictions.is_of_court_only then deadlines.citation end as challenge_deadline_citation,
        deliveries.events_as_of_date
    from convictions
    cross join deliveries
    cross join deadlines
    left join summed on convictions.conviction_key = summed.conviction_key

)

select * from final
