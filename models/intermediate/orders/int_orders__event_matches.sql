with events as (

    select
        *,
        delivery_id || '|' || cast(row_no as varchar) as event_key
    from {{ ref('stg_relief_events__events') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

named_convictions as (

    select * from {{ ref('int_identity__named_convictions') }}

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}
    where is_counted

),

matched as (

    select
        events.*,
        case when named_convictions.naming_fault is null then named_convictions.conviction_key end as conviction_key,
        named_convictions.naming_fault,
        named_convictions.differing_column,
        coalesce(named_convictions.is_named_by_court, false) as is_named_by_court,
        deliveries.as_of_date
    from events
    left join named_convictions on 'event|' || events.event_key = named_convictions.naming_key
    left join deliveries on events.delivery_id = deliveries.delivery_id

),

repeated_reports as (

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
        repeated_reports.newest_as_of_date,
        row_number() over (
            partition by matched.conviction_key, matched.event_type, matched.event_date, matched.relief_type
            order by matched.as_of_date asc, matched.delivery_id asc, matched.row_no asc
        ) as time_told
    from matched
    inner join repeated_reports
        on
            matched.conviction_key = repeated_reports.conviction_key
            and matched.event_type is not distinct from repeated_reports.event_type
            and matched.event_date is not distinct from repeated_reports.event_date
            and matched.relief_type is not distinct from repeated_reports.relief_type

),

final as (

    select
        matched.* exclude (naming_fault, as_of_date),
        case
            when matched.naming_fault is not null then matched.naming_fault
            when matched.conviction_key is null then 'no_conviction'
            -- A repeated report of the same event on the same conviction and day.
            when repeats.time_told > 1 then 'duplicate'
            -- The event is dated after the as-of date of every file that reports it, so it has no effect yet.
            when matched.event_date > coalesce(repeats.newest_as_of_date, matched.as_of_date) then 'in_the_future'
            else 'matched'
        end as match_status,
        -- If an event is dated before its conviction, one of the two dates is wrong. The date of the event counts as
        -- wrong, unless the conviction is dated after the file.
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
