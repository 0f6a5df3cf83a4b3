-- Whether each conviction is challenged, according to the events and to attorneys' decisions.
with convictions as (

    select * from {{ ref('int_review__doj_list') }}

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

challenge_reports as (

    select
        conviction_key,
        case event_type when 'challenged' then 'challenged' else 'withdrawn' end as verdict,
        event_date as told_date,
        coalesce(legal_ground, reason) as ground,
        'relief_event' as told_by
    from {{ ref('int_orders__event_matches') }}
    where match_status = 'matched' and event_type in ('challenged', 'challenge_withdrawn')
    union all
    select
        conviction_key,
        verdict,
        decision_date as told_date,
        ground,
        'review_decision' as told_by
    from {{ ref('int_review__decided_convictions') }}
    where decision_type = 'challenge' and decision_status = 'in_force'

),

summed as (

    select
        conviction_key,
        count(*) filter (where verdict = 'challenged') as challenges,
        count(*) filter (where verdict = 'withdrawn') as withdrawals,
        -- A later decision that does not challenge the conviction withdraws an earlier challenge.
        count(*) filter (where verdict <> 'challenged') as ends,
        bool_or(told_date is null) as has_undated,
        max(told_date) filter (where verdict = 'challenged') as challenge_date,
        max(told_date) filter (where verdict <> 'challenged') as withdrawal_date,
        first(ground order by told_date desc nulls last) filter (where verdict = 'challenged') as challenge_ground,
        first(told_by order by told_date desc nulls last) as told_by
    from challenge_reports
    group by conviction_key

),

-- The challenge status that events and attorneys report, whether or not the conviction was on the DOJ's list.
stated as (

    select
        *,
        case
            when challenges = 0 and withdrawals = 0 then null
            when challenges = 0 then 'withdrawn'
            when ends = 0 then 'challenged'
            -- If a challenge or a withdrawal has no date, it is unknown which came last.
            when has_undated then 'cannot_tell'
            when withdrawal_date >= challenge_date then 'withdrawn'
            else 'challenged'
        end as stated_status
    from summed

),

final as (

    select
        convictions.conviction_key,
        case
            when not convictions.was_on_the_list then 'not_on_the_list'
            when stated.conviction_key is null and not deliveries.is_delivered then 'not_delivered'
            -- Where it is unknown whether the conviction was on the list, it is also unknown whether it is challenged.
            when convictions.was_on_the_list is null then 'cannot_tell'
            when stated.stated_status is not null then stated.stated_status
            else 'not_challenged'
        end as challenge_status,
        stated.stated_status,
        stated.challenge_date,
        stated.challenge_ground,
        case when stated.challenges + stated.withdrawals > 0 then stated.withdrawal_date end as withdrawal_date,
        stated.told_by,
        case when convictions.was_on_the_list then deadlines.deadline_date end as challenge_deadline_date,
        case when convictions.was_on_the_list then stated.challenge_date > deadlines.deadline_date end
            as is_past_challenge_deadline,
        case when convictions.was_on_the_list then deadlines.citation end as challenge_deadline_citation,
        deliveries.events_as_of_date,
        convictions.was_on_the_list,
        convictions.list_basis,
        convictions.is_offense_before_prop_64
    from convictions
    cross join deliveries
    cross join deadlines
    left join stated on convictions.conviction_key = stated.conviction_key

)

select * from final
