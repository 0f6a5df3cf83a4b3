with convictions as (

    select * from {{ ref('fct_convictions') }}

),

destruction as (

    select * from {{ ref('int_offenses__destruction') }}

),

context as (

    select evaluated_as_of_date from {{ ref('stg_landing__build_context') }}

),

doj_rows as (

    select
        doj_conviction_key,
        delivery_id,
        row_no
    from {{ ref('int_convictions__criminal_history') }}

),

court_rows as (

    select
        court_conviction_key,
        delivery_id,
        row_no
    from {{ ref('int_convictions__court') }}

),

final as (

    select
        convictions.conviction_key,
        convictions.source,
        doj_rows.delivery_id,
        doj_rows.row_no,
        court_rows.delivery_id as court_delivery_id,
        court_rows.row_no as court_row_no,
        destruction.destruction_rule,
        -- The due date is left out if it is the 18th birthday, because it would reveal the birth date. No audit
        -- contains birth dates.
        case when destruction.destruction_rule <> 'eighteenth_birthday' then destruction.destroy_due_date end
            as destroy_due_date,
        case
            when destruction.destruction_rule <> 'eighteenth_birthday'
                then cast(datediff('day', destruction.destroy_due_date, context.evaluated_as_of_date) as bigint)
        end as days_overdue,
        cast(context.evaluated_as_of_date as date) as evaluated_as_of_date,
        destruction.cannot_tell_reason,
        case destruction.destruction_status when 'due' then 'destruction_due' else 'destruction_cannot_tell' end
            as finding
    from convictions
    inner join destruction on convictions.conviction_key = destruction.conviction_key
    cross join context
    left join doj_rows on convictions.doj_conviction_key = doj_rows.doj_conviction_key
    left join court_rows on convictions.court_conviction_key = court_rows.court_conviction_key
    where destruction.destruction_status in ('due', 'cannot_tell')

)

select * from final
