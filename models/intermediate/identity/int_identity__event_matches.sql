with events as (

    select
        *,
        delivery_id || '|' || cast(row_no as varchar) as event_key
    from {{ ref('stg_relief_events__events') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

doj_convictions as (

    select * from {{ ref('int_criminal_history__convictions') }}

),

court_convictions as (

    select * from {{ ref('int_court__convictions') }}

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}

),

doj_counts as (

    select
        convictions.conviction_key,
        doj_convictions.subject_id,
        doj_convictions.cii_number,
        doj_convictions.cnt_order as count_order
    from doj_convictions
    inner join convictions on doj_convictions.doj_conviction_key = convictions.doj_conviction_key

),

court_counts as (

    select
        convictions.conviction_key,
        court_convictions.case_number,
        court_convictions.defendant_number,
        court_convictions.count_number
    from court_convictions
    inner join convictions on court_convictions.court_conviction_key = convictions.court_conviction_key

),

-- SUBJECT_ID is the person within one file: where files give it to several people, the CII number decides.
by_subject as (

    select
        events.event_key,
        doj_counts.conviction_key,
        coalesce(events.cii_number = doj_counts.cii_number, false) as is_cii_equal,
        bool_or(coalesce(events.cii_number = doj_counts.cii_number, false)) over (partition by events.event_key)
            as is_any_cii_equal
    from events
    inner join doj_counts
        on events.subject_id = doj_counts.subject_id and events.count_order = doj_counts.count_order
    where coalesce(events.cii_number, doj_counts.cii_number, '') = coalesce(doj_counts.cii_number, events.cii_number, '')

),

-- A later file may give the person another SUBJECT_ID; the CII number stays.
by_cii as (

    select
        events.event_key,
        doj_counts.conviction_key
    from events
    inner join doj_counts
        on events.cii_number = doj_counts.cii_number and events.count_order = doj_counts.count_order
    left join by_subject on events.event_key = by_subject.event_key
    where by_subject.event_key is null

),

by_court_count as (

    select
        events.event_key,
        court_counts.conviction_key
    from events
    inner join court_counts
        on events.case_number = court_counts.case_number and events.count_number = court_counts.count_number
    where coalesce(events.defendant_number, court_counts.defendant_number, '')
        = coalesce(court_counts.defendant_number, events.defendant_number, '')

),

candidates as (

    select event_key, conviction_key, 'doj' as named_by from by_subject where is_cii_equal or not is_any_cii_equal
    union all
    select event_key, conviction_key, 'doj' as named_by from by_cii
    union all
    select event_key, conviction_key, 'court' as named_by from by_court_count

),

matches as (

    select
        event_key,
        min(conviction_key) as conviction_key,
        bool_or(named_by = 'court') as is_named_by_court,
        count(distinct conviction_key) as convictions
    from candidates
    group by event_key

),

matched as (

    select
        events.*,
        case when matches.convictions = 1 then matches.conviction_key end as conviction_key,
        coalesce(matches.convictions, 0) as convictions_named,
        coalesce(matches.is_named_by_court, false) as is_named_by_court,
        deliveries.as_of_date
    from events
    left join matches on events.event_key = matches.event_key
    left join deliveries on events.delivery_id = deliveries.delivery_id

),

numbered as (

    select
        *,
        row_number() over (
            partition by conviction_key, event_type, event_date, coalesce(relief_type, '')
            order by as_of_date, delivery_id, row_no
        ) as time_told
    from matched

),

final as (

    select
        * exclude (convictions_named, time_told, as_of_date),
        case
            when convictions_named = 0 then 'no_conviction'
            when convictions_named > 1 then 'ambiguous'
            -- The same event of the same conviction on the same day, told again.
            when time_told > 1 then 'duplicate'
            else 'matched'
        end as match_status
    from numbered

)

select * from final
