-- Relief under H&S 11361.8 that a court has already given for the conviction, by the day of evaluation.
with convictions as (

    select * from {{ ref('int_statute__convictions') }}

),

context as (

    select evaluated_as_of_date from {{ ref('stg_landing__build_context') }}

),

orders as (

    select
        events.conviction_key,
        -- Relief on another ground (PC 1203.4, PC 1385) does not exhaust relief under H&S 11361.8, but an equal
        -- dismissal and sealing does.
        case
            when events.relief_type = 'dismissal_and_sealing' or events.legal_ground like '%11361.8%' then true
            when events.legal_ground is null then null
            else false
        end as is_of_the_statute,
        case
            when events.event_date is null then null
            else events.event_date <= context.evaluated_as_of_date
        end as is_by_evaluation
    from {{ ref('int_orders__event_matches') }} as events
    cross join context
    where
        events.match_status = 'matched'
        and events.event_type = 'order_signed'
        and events.relief_type in ('dismissal', 'dismissal_and_sealing', 'redesignation', 'resentencing')

),

-- In both files, the section may be named in a disposition of the count, of a later step of its cycle, or of its case.
disposed as (

    select
        later_rows.source_conviction_key,
        case
            when later_rows.is_about_one_conviction and later_rows.row_says in ('relief', 'restated') then true
        end as is_of_the_statute,
        later_rows.disposed_date <= context.evaluated_as_of_date as is_by_evaluation
    from (
        select
            source_conviction_key,
            true as is_about_one_conviction,
            row_says,
            disposed_date
        from {{ ref('int_judgments__rows') }}
        where is_earlier_relief
        union all
        select
            source_conviction_key,
            is_about_one_conviction,
            row_says,
            disposed_date
        from {{ ref('int_judgments__later_rows') }}
        where is_earlier_relief and reached_by <> 'count'
    ) as later_rows
    cross join context

),

found as (

    select
        conviction_key,
        is_of_the_statute,
        is_by_evaluation
    from orders
    union all
    select
        convictions.conviction_key,
        disposed.is_of_the_statute,
        disposed.is_by_evaluation
    from convictions
    inner join disposed
        on
            convictions.doj_conviction_key = disposed.source_conviction_key
            or convictions.court_conviction_key = disposed.source_conviction_key

),

final as (

    select
        conviction_key,
        bool_or(coalesce(is_of_the_statute and is_by_evaluation, false)) as is_relieved,
        bool_or(coalesce(is_of_the_statute, true) and coalesce(is_by_evaluation, true)) as is_perhaps_relieved
    from found
    group by conviction_key

)

select * from final
