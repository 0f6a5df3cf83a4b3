with counts as (

    select * from {{ ref('int_lifecycle__counts') }}

),

stages as (

    select
        stage_number,
        stage,
        stage_title,
        stage_number < max(case when stage = 'order_signed' then stage_number end) over () as is_before_order,
        stage_number > max(case when stage = 'order_signed' then stage_number end) over () as is_after_order
    from {{ ref('lifecycle_stages') }}

),

clock as (

    select * from {{ ref('int_lifecycle__clock') }}

),

waves as (

    select unnest(['all', '1', '2', 'neither']) as wave

),

-- Whether each conviction is surely or possibly in each wave. Before the order, the first wave is the whole DOJ list
-- that was reviewed.
members as (

    select
        waves.wave,
        stages.stage,
        counts.stage_status,
        counts.is_dismissed,
        counts.is_waiting_here,
        counts.is_ended_here,
        counts.is_stuck_here,
        counts.is_stuck_unknown,
        counts.convictions,
        coalesce(counts.is_perhaps_counted_twice, false) as is_perhaps_counted_twice,
        case
            when waves.wave = 'all' then true
            when waves.wave = '1' and stages.is_before_order then counts.is_on_doj_list
            when waves.wave = 'neither' then counts.wave_number is null
            else coalesce(cast(counts.wave_number as varchar) = waves.wave, false)
        end as is_member,
        case
            when waves.wave = '2' then not counts.is_possibly_wave_1
            -- Record updates after an order are matched by court case number, so they depend on the link between the
            -- two files.
            when waves.wave = '1' and stages.is_after_order then not counts.is_possibly_wave_2
            -- A conviction whose order has no date may be in any wave.
            when waves.wave = 'neither' then not counts.is_order_undated
            else true
        end as is_surely_member,
        case
            when waves.wave = '1'
                then
                    (counts.wave_number is null and counts.is_order_undated and counts.is_on_doj_list)
                    or (
                        coalesce(counts.wave_number, 0) = 2 and counts.is_possibly_wave_1 and stages.is_after_order
                    )
            when waves.wave = '2'
                then
                    (counts.wave_number is null and counts.is_order_undated and counts.is_in_court_records)
                    or (
                        coalesce(counts.wave_number, 0) = 1
                        and counts.is_possibly_wave_2
                        and (stages.is_before_order or counts.is_order_named_by_court)
                    )
            else false
        end as is_possibly_member
    from counts
    inner join stages on counts.stage = stages.stage
    cross join waves

),

summed as (

    select
        wave,
        stage,
        sum(convictions) filter (where is_member and stage_status in ('dated', 'undated', 'doubtful')) as counted,
        -- The lower bound leaves out events on an impossible day, convictions that may be in the other wave, and
        -- convictions that may be counted twice.
        sum(convictions) filter (
            where
            is_member and is_surely_member and not is_perhaps_counted_twice and stage_status in ('dated', 'undated')
        ) as counted_low,
        -- The upper bound includes stages that no file reports but a later stage implies, and convictions that may be
        -- in this wave.
        sum(convictions) filter (
            where (is_member or is_possibly_member) and stage_status in ('dated', 'undated', 'doubtful', 'passed')
        ) as counted_high,
        sum(convictions) filter (
            where is_member and is_dismissed and stage_status in ('dated', 'undated', 'doubtful')
        ) as dismissals,
        sum(convictions) filter (where is_member and stage_status in ('undated', 'doubtful')) as day_unknown,
        sum(convictions) filter (where is_member and stage_status = 'passed') as passed_untold,
        sum(convictions) filter (where is_member and is_waiting_here) as waiting_here,
        sum(convictions) filter (where is_member and is_ended_here) as ended_here,
        sum(convictions) filter (where is_member and is_stuck_here) as stuck_here,
        sum(convictions) filter (where is_member and is_stuck_unknown) as stuck_unknown,
        bool_or(stage_status = 'not_delivered') as is_not_delivered
    from members
    group by wave, stage

),

final as (

    select
        waves.wave,
        cast(stages.stage_number as integer) as stage_number,
        stages.stage,
        stages.stage_title,
        'convictions' as unit,
        {% for number in ['counted', 'counted_low', 'counted_high', 'dismissals', 'day_unknown', 'passed_untold'] %}
        -- If the file was not delivered, the number is NULL, not zero.
        case when not coalesce(summed.is_not_delivered, false) then cast(coalesce(summed.{{ number }}, 0) as bigint) end
            as {{ number }},
        {% endfor %}
        {% for number in ['waiting_here', 'ended_here', 'stuck_here', 'stuck_unknown'] %}
        -- Without event files it is unknown which convictions wait.
        case when clock.is_events_delivered then cast(coalesce(summed.{{ number }}, 0) as bigint) end as {{ number }},
        {% endfor %}
        clock.lifecycle_as_of_date,
        clock.extract_as_of_date,
        clock.is_synthetic
    from stages
    cross join waves
    cross join clock
    left join summed on waves.wave = summed.wave and stages.stage = summed.stage

)

select * from final
