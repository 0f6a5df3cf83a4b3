-- Numbers of convictions at each stage, by all groups of the reports together. The reports add these numbers.
with stages as (

    select
        conviction_key,
        stage,
        stage_status,
        is_current
    from {{ ref('int_lifecycle__stages') }}

),

lifecycle as (

    select * from {{ ref('int_lifecycle__convictions') }}

),

certainty as (

    select
        conviction_key,
        is_possibly_wave_1,
        is_possibly_wave_2,
        is_perhaps_counted_twice,
        is_order_named_by_court
    from {{ ref('int_orders__wave_certainty') }}

),

convictions as (

    select
        conviction_key,
        court_conviction_key is not null as is_in_court_records
    from {{ ref('int_identity__convictions') }}

),

groups as (

    select * from {{ ref('int_lifecycle__groups') }}

),

final as (

    select
        stages.stage,
        stages.stage_status,
        lifecycle.wave_number,
        lifecycle.is_on_doj_list,
        convictions.is_in_court_records,
        certainty.is_possibly_wave_1,
        certainty.is_possibly_wave_2,
        certainty.is_perhaps_counted_twice,
        certainty.is_order_named_by_court,
        coalesce(lifecycle.relief_type in ('dismissal', 'dismissal_and_sealing'), false) as is_dismissed,
        lifecycle.order_signed_status = 'undated' as is_order_undated,
        lifecycle.courthouse_key,
        groups.race,
        groups.sex,
        groups.age_band,
        stages.is_current and lifecycle.waiting_status = 'waiting' as is_waiting_here,
        stages.is_current and lifecycle.waiting_status = 'ended' as is_ended_here,
        stages.is_current and coalesce(lifecycle.is_stuck, false) as is_stuck_here,
        stages.is_current and lifecycle.is_stuck is null as is_stuck_unknown,
        count(*) as convictions
    from stages
    inner join lifecycle on stages.conviction_key = lifecycle.conviction_key
    inner join certainty on stages.conviction_key = certainty.conviction_key
    inner join convictions on stages.conviction_key = convictions.conviction_key
    inner join groups on lifecycle.person_key = groups.person_key
    group by all

)

select * from final
