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

-- SUBJECT_ID is the person within one file; a CII number that contradicts it names somebody else.
by_subject as (

    select
        events.event_key,
        doj_counts.conviction_key,
        coalesce(events.cii_number = doj_counts.cii_number, false) as is_cii_equal
    from events
    inner join doj_counts
        on events.subject_id = doj_counts.subject_id and events.count_order = doj_counts.count_order
    where
        events.cii_number is null
        or doj_counts.cii_number is null
        or events.cii_number = doj_counts.cii_number

),

-- Where files give one SUBJECT_ID to several people, the CII number decides.
subject_events as (

    select
        event_key,
        bool_or(is_cii_equal) as is_any_cii_equal
    from by_subject
    group by event_key

),

-- A later file may give the person another SUBJECT_ID; the CII number stays.
by_cii as (

    select
        events.event_key,
        doj_counts.conviction_key
    from events
    inner join doj_counts
        on events.cii_number = doj_counts.cii_number and events.count_order = doj_counts.count_order
    left join subject_events on events.event_key = subject_events.event_key
    where subject_events.event_key is null

),

by_court_count as (

    select
        events.event_key,
        court_counts.conviction_key
    from events
    inner join court_counts
        on events.case_number = court_counts.case_number and events.count_number = court_counts.count_number
    where
        events.defendant_number is null
        or court_counts.defendant_number is null
        or events.defendant_number = court_counts.defendant_number

),

candidates as (

    select
        by_subject.event_key,
        by_subject.conviction_key,
        0 as is_named_by_court
    from by_subject
    inner join subject_events on by_subject.event_key = subject_events.event_key
    where by_subject.is_cii_equal or not subject_events.is_any_cii_equal
    union all
    select
        event_key,
        conviction_key,
        0 as is_named_by_court
    from by_cii
    union all
    select
        event_key,
        conviction_key,
        1 as is_named_by_court
    from by_court_count

),

matches as (

    select
        event_key,
        min(conviction_key) as conviction_key,
        min(conviction_key) <> max(conviction_key) as is_ambiguous,
        max(is_named_by_court) = 1 as is_named_by_court
    from candidates
    group by event_key

),

matched as (

    select
        events.*,
        case when not matches.is_ambiguous then matches.conviction_key end as conviction_key,
        coalesce(matches.is_ambiguous, false) as is_ambiguous,
        coalesce(matches.is_named_by_court, false) as is_named_by_court,
        deliveries.as_of_date
    from events
    left join matches on events.event_key = matches.event_key
    left join deliveries on events.delivery_id = deliveries.delivery_id

),

told_again as (

    select
        conviction_key,
        event_type,
        event_date,
        relief_type
    from matched
    where conviction_key is not null
    group by conviction_key, event_type, event_date, relief_type
    having count(*) > 1

),

repeats as (

    select
        matched.event_key,
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
            else 'matched'
        end as match_status
    from matched
    left join repeats on matched.event_key = repeats.event_key

)

select * from final
