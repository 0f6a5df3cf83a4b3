-- Lists the dates that are missing or cannot be true. They are kept as delivered and meet no condition of a rule.
with doj_convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

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

persons as (

    select * from {{ ref('int_identity__persons') }}

),

impossible_dates as (

    select * from {{ ref('int_convictions__impossible_dates') }}

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
        convictions.person_key,
        doj_convictions.subject_key as record_key,
        doj_convictions.doj_conviction_key as source_conviction_key,
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
        convictions.person_key,
        court_convictions.case_defendant_key as record_key,
        court_convictions.court_conviction_key as source_conviction_key,
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

-- For each conviction, the birth date in its own file and the person's birth date in the other file.
births_beside_convictions as (

    select
        source,
        delivery_id,
        row_no,
        conviction_key,
        conviction_date,
        birth_date
    from records
    union
    select
        records.source,
        records.delivery_id,
        records.row_no,
        records.conviction_key,
        records.conviction_date,
        persons.recorded_birth_date as birth_date
    from records
    inner join persons on records.person_key = persons.person_key

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
        records.source,
        records.delivery_id,
        records.row_no,
        records.conviction_key,
        impossible_dates.finding
    from records
    inner join impossible_dates
        on
            records.source = impossible_dates.source
            and records.source_conviction_key = impossible_dates.source_conviction_key
    where impossible_dates.fact = 'conviction_date'
    union all
    -- A birth date that is impossible whatever the other dates are is listed for each conviction of the record.
    select
        records.source,
        records.delivery_id,
        records.row_no,
        records.conviction_key,
        impossible_dates.finding
    from records
    inner join impossible_dates
        on records.source = impossible_dates.source and records.record_key = impossible_dates.record_key
    where
        impossible_dates.fact = 'birth_date'
        and impossible_dates.finding in ('birth_date_placeholder', 'birth_in_the_future', 'birth_date_before_1830')
    union all
    select distinct
        source,
        delivery_id,
        row_no,
        conviction_key,
        case
            when conviction_date < birth_date then 'conviction_before_birth'
            when conviction_date < {{ years_after('birth_date', 10) }} then 'conviction_under_10'
            else 'conviction_over_110'
        end as finding
    from births_beside_convictions
    where {{ is_age_impossible('birth_date', 'conviction_date') }}
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
