-- An odd date is kept and evaluated as it is; a missing one never satisfies a test. Both are listed here.
with doj_convictions as (

    select * from {{ ref('int_criminal_history__convictions') }}

),

court_convictions as (

    select * from {{ ref('int_court__convictions') }}

),

convictions as (

    select * from {{ ref('fct_convictions') }}

),

subjects as (

    select * from {{ ref('int_criminal_history__subjects') }}

),

court_cases as (

    select * from {{ ref('int_court__cases') }}

),

events as (

    select * from {{ ref('fct_relief_events') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

records as (

    select
        'ca_doj' as source,
        doj_convictions.delivery_id,
        doj_convictions.row_no,
        convictions.conviction_key,
        doj_convictions.conviction_date,
        subjects.birth_date,
        deliveries.as_of_date
    from doj_convictions
    inner join convictions on doj_convictions.doj_conviction_key = convictions.doj_conviction_key
    left join subjects on doj_convictions.subject_key = subjects.subject_key
    left join deliveries on doj_convictions.delivery_id = deliveries.delivery_id
    union all
    select
        'la_court' as source,
        court_convictions.delivery_id,
        court_convictions.row_no,
        convictions.conviction_key,
        court_convictions.conviction_date,
        court_cases.birth_date,
        deliveries.as_of_date
    from court_convictions
    inner join convictions on court_convictions.court_conviction_key = convictions.court_conviction_key
    left join court_cases on court_convictions.case_defendant_key = court_cases.case_defendant_key
    left join deliveries on court_convictions.delivery_id = deliveries.delivery_id

),

events_on_convictions as (

    select
        events.delivery_id,
        events.row_no,
        events.conviction_key,
        events.event_type,
        events.event_date,
        convictions.conviction_date,
        deliveries.as_of_date
    from events
    left join convictions on events.conviction_key = convictions.conviction_key
    left join deliveries on events.delivery_id = deliveries.delivery_id

),

final as (

    select
        source,
        delivery_id,
        row_no,
        conviction_key,
        'conviction_date_missing' as finding
    from records
    where conviction_date is null
    union all
    select
        source,
        delivery_id,
        row_no,
        conviction_key,
        'birth_date_missing' as finding
    from records
    where birth_date is null
    union all
    select
        source,
        delivery_id,
        row_no,
        conviction_key,
        'conviction_before_birth' as finding
    from records
    where conviction_date < birth_date
    union all
    select
        source,
        delivery_id,
        row_no,
        conviction_key,
        'conviction_in_the_future' as finding
    from records
    where conviction_date > as_of_date
    union all
    select
        'relief_events' as source,
        delivery_id,
        row_no,
        cast(null as varchar) as conviction_key,
        'event_date_unreadable' as finding
    from {{ ref('stg_relief_events__events') }}
    where event_date is null and event_date_raw is not null
    union all
    select
        'relief_events' as source,
        delivery_id,
        row_no,
        conviction_key,
        'order_date_missing' as finding
    from events_on_convictions
    where event_type = 'order_signed' and event_date is null
    union all
    select
        'relief_events' as source,
        delivery_id,
        row_no,
        conviction_key,
        'order_before_conviction' as finding
    from events_on_convictions
    where event_type = 'order_signed' and event_date < conviction_date
    union all
    select
        'relief_events' as source,
        delivery_id,
        row_no,
        conviction_key,
        'event_in_the_future' as finding
    from events_on_convictions
    where event_date > as_of_date

)

select * from final
