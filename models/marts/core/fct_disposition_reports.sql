-- The court reports dispositions, so every order counts here, whatever a policy determines for the conviction.
with orders as (

    select
        event_key,
        conviction_key,
        event_date as order_date,
        relief_type,
        legal_ground
    from {{ ref('int_orders__event_matches') }}
    where match_status = 'matched' and event_type = 'order_signed'

),

reports as (

    select
        conviction_key,
        max(event_date) as report_date,
        bool_or(event_date is null) as has_undated_report
    from {{ ref('int_orders__event_matches') }}
    where match_status = 'matched' and event_type in ('reported_to_doj', 'doj_updated')
    group by conviction_key

),

identifiers as (

    select * from {{ ref('int_filing__case_identifiers') }}

),

grounds as (

    select * from {{ ref('int_filing__order_grounds') }}

),

deadlines as (

    select days_after from {{ ref('legal_deadlines') }}
    where deadline_id = 'disposition_report'

),

deliveries as (

    select max(as_of_date) as events_as_of_date
    from {{ ref('stg_landing__deliveries') }}
    where source = 'relief_events' and status = 'landed'

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

final as (

    select
        orders.event_key,
        orders.conviction_key,
        identifiers.person_key,
        identifiers.courthouse_key,
        identifiers.is_juvenile_case,
        identifiers.cii_number,
        identifiers.cii_source,
        identifiers.case_number as docket_number,
        identifiers.case_number_source as docket_number_source,
        identifiers.defendant_number,
        identifiers.count_number,
        identifiers.name_court,
        identifiers.name_doj,
        identifiers.birth_date,
        identifiers.section,
        identifiers.subdivision,
        identifiers.offense_text,
        orders.order_date,
        orders.relief_type,
        orders.legal_ground,
        grounds.is_ground_fitting,
        cast(orders.order_date + to_days(cast(deadlines.days_after as integer)) as date) as due_date,
        reports.report_date,
        -- A report dated before the order is about another order. If either date is missing, it is unknown which order
        -- the report is about.
        case
            when reports.conviction_key is null then false
            when reports.report_date >= orders.order_date then true
            when reports.has_undated_report or orders.order_date is null then null
            else false
        end as is_reported,
        orders.order_date + to_days(cast(deadlines.days_after as integer)) < deliveries.events_as_of_date
            as is_due_date_past,
        cast(deliveries.events_as_of_date as date) as events_as_of_date,
        cast(context.extract_as_of_date as date) as extract_as_of_date,
        context.is_synthetic
    from orders
    inner join identifiers on orders.conviction_key = identifiers.conviction_key
    cross join deadlines
    cross join deliveries
    cross join context
    left join grounds on orders.event_key = grounds.event_key
    left join reports on orders.conviction_key = reports.conviction_key

)

select * from final
