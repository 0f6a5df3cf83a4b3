-- Stages whose reports cannot be true. The reports are listed here and kept as they are, never repaired.
with stages as (

    select * from {{ ref('int_lifecycle__stages') }}

),

milestones as (

    select * from {{ ref('int_lifecycle__milestones') }}

),

final as (

    select
        conviction_key,
        stage,
        'out_of_order' as finding
    from stages
    where is_out_of_order
    union all
    select
        conviction_key,
        stage,
        'before_identified' as finding
    from stages
    where is_before_identified
    union all
    select
        conviction_key,
        stage,
        'skipped' as finding
    from stages
    where is_skipped
    union all
    select
        conviction_key,
        stage,
        'before_conviction' as finding
    from stages
    where is_before_conviction
    union all
    select
        conviction_key,
        stage,
        'in_the_future' as finding
    from stages
    where is_in_the_future
    union all
    select
        conviction_key,
        stage,
        'several_dates' as finding
    from stages
    where has_several_dates
    union all
    select
        conviction_key,
        'order_signed' as stage,
        order_and_denial as finding
    from milestones
    where order_and_denial is not null

)

select * from final
