-- What a court has already done to the conviction under H&S 11361.8, by the day of evaluation.
with convictions as (

    select * from {{ ref('int_statute__convictions') }}

),

context as (

    select evaluated_as_of_date from {{ ref('stg_landing__build_context') }}

),

orders as (

    select
        events.conviction_key,
        -- Another ground (PC 1203.4, PC 1385) does not exhaust this relief; an equal dismissal and sealing does.
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

history_rows as (

    select
        delivery_id,
        row_no,
        'doj|' || subject_key || '|' || {{ count_key() }} as doj_conviction_key
    from {{ ref('int_criminal_history__rows') }}

),

-- The DOJ's own file names the section in a disposition of the count.
dispositions as (

    select
        delivery_id,
        row_no
    from {{ ref('stg_ca_doj__row_details') }}
    where contains(disposition_text, '11361.8') and not contains(upper(disposition_text), 'DENIED')

),

disposed_counts as (

    select distinct history_rows.doj_conviction_key
    from history_rows
    inner join dispositions
        on history_rows.delivery_id = dispositions.delivery_id and history_rows.row_no = dispositions.row_no

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
        true as is_of_the_statute,
        true as is_by_evaluation
    from convictions
    inner join disposed_counts on convictions.doj_conviction_key = disposed_counts.doj_conviction_key

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
