with events as (

    select
        *,
        delivery_id || '|' || cast(row_no as varchar) as event_key
    from {{ ref('stg_relief_events__events') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

named_counts as (

    select * from {{ ref('int_identity__named_counts') }}

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}

),

candidates as (

    select
        named_counts.naming_key,
        convictions.conviction_key,
        0 as is_named_by_court
    from named_counts
    inner join convictions on named_counts.doj_conviction_key = convictions.doj_conviction_key
    union all
    select
        named_counts.naming_key,
        convictions.conviction_key,
        1 as is_named_by_court
    from named_counts
    inner join convictions on named_counts.court_conviction_key = convictions.court_conviction_key

),

matches as (

    select
        naming_key,
        min(conviction_key) as conviction_key,
        min(conviction_key) <> max(conviction_key) as is_ambiguous,
        max(is_named_by_court) = 1 as is_named_by_court
    from candidates
    group by naming_key

),

matched as (

    select
        events.*,
        case when not matches.is_ambiguous then matches.conviction_key end as conviction_key,
        coalesce(matches.is_ambiguous, false) as is_ambiguous,
        coalesce(matches.is_named_by_court, false) as is_named_by_court,
        deliveries.as_of_date
    from events
    left join matches on 'event|' || events.event_key = matches.naming_key
    left join deliveries on events.delivery_id = deliveries.delivery_id

),

told_again as (

    select
        conviction_key,
        event_type,
        event_date,
        relief_type,
        max(as_of_date) as newest_as_of_date
    from matched
    where conviction_key is not null
    group by conviction_key, event_type, event_date, relief_type
    having count(*) > 1

),

repeats as (

    select
        matched.event_key,
        told_again.newest_as_of_date,
        row_number() over (
            partition by matched.conviction_key, matched.event_type, matched.event_date, matched.relief_type
            order by matched.as_of_date asc, matched.delivery_id asc, matched.row_no asc
        ) as time_told
    from matched
    inner join told_again
        on
            matched.conviction_key = told_again.conviction_key
            and matched.event_type is not distinct from told_again.event_type
            and matched.event_date is not distinct from told_again.event_date
            and matched.relief_type is not distinct from told_again.relief_type

),

final as (

    select
        matched.* exclude (is_ambiguous, as_of_date),
        case
            when matched.is_ambiguous then 'ambiguous'
            when matched.conviction_key is null then 'no_conviction'
            -- The same event of the same conviction on the same day, told again.
            when repeats.time_told > 1 then 'duplicate'
            -- A day after that of which every file that tells it speaks: it has not come, and decides nothing yet.
            when matched.event_date > coalesce(repeats.newest_as_of_date, matched.as_of_date) then 'in_the_future'
            else 'matched'
        end as match_status,
        -- One of the two days is wrong: the order's, unless the conviction's own has not come.
        coalesce(
            matched.event_date < convictions.conviction_date
            and convictions.conviction_date <= matched.as_of_date,
            false
        ) as is_before_conviction
    from matched
    left join repeats on matched.event_key = repeats.event_key
    left join convictions on matched.conviction_key = convictions.conviction_key

)

select * from final
