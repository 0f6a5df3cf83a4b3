{% set stages = lifecycle_stages() %}

with stages as (

    select * from {{ ref('int_lifecycle__stages') }}

),

milestones as (

    select * from {{ ref('int_lifecycle__milestones') }}

),

contradictions as (

    select
        conviction_key,
        string_agg(finding || ':' || stage, ';' order by finding, stage) as contradictions
    from {{ ref('int_lifecycle__contradictions') }}
    group by conviction_key

),

convictions as (

    select
        convictions.conviction_key,
        convictions.person_key,
        relief.wave_number,
        relief.relief_type,
        convictions.doj_conviction_key is not null as is_on_doj_list,
        convictions.conviction_date
    from {{ ref('int_identity__convictions') }} as convictions
    inner join {{ ref('int_orders__relief') }} as relief on convictions.conviction_key = relief.conviction_key
    where relief.is_in_review

),

courthouses as (

    select
        identifiers.conviction_key,
        -- Reports show only courthouses of the seed. Any other text may be a person's name, for example in a row with
        -- shifted columns.
        case
            when identifiers.courthouse_key <> 'unknown' then coalesce(upper(listed.courthouse_name), 'other')
        end as courthouse_key
    from {{ ref('int_filing__case_identifiers') }} as identifiers
    left join {{ ref('courthouses') }} as listed
        on
            {{ comparable_courthouse('identifiers.courthouse_key') }}
            = {{ comparable_courthouse('listed.courthouse_name') }}

),

outcomes as (

    select
        conviction_key,
        outcome
    from {{ ref('int_orders__outcomes') }}

),

challenges as (

    select
        conviction_key,
        challenge_status
    from {{ ref('int_review__challenges') }}

),

persons as (

    select
        person_key,
        is_deceased
    from {{ ref('int_identity__persons') }}

),

destruction as (

    select
        conviction_key,
        destruction_status
    from {{ ref('int_offenses__destruction') }}

),

limits as (

    select
        limits.stage,
        limits.is_end,
        limits.stuck_counted_from,
        coalesce(limits.stuck_after_days, deadlines.days_after) as stuck_after_days
    from {{ ref('lifecycle_stages') }} as limits
    left join {{ ref('legal_deadlines') }} as deadlines on limits.deadline_id = deadlines.deadline_id

),

clock as (

    select * from {{ ref('int_lifecycle__clock') }}

),

spread as (

    select
        conviction_key,
        {% for stage in stages %}
        max(case when stage = '{{ stage }}' then stage_date end) as {{ stage }}_date,
        max(case when stage = '{{ stage }}' then stage_status end) as {{ stage }}_status,
        max(case when stage = '{{ stage }}' then told_by end) as {{ stage }}_told_by,
        max(case when stage = '{{ stage }}' then days_to_next_stage end) as {{ stage }}_days,
        {% endfor %}
        max(case when is_current then stage_number end) as current_stage_number,
        max(case when is_current then stage end) as current_stage,
        max(case when is_current then stage_status end) as current_stage_status,
        max(case when is_current then stage_date end) as current_stage_date
    from stages
    group by conviction_key

),

placed as (

    select
        spread.*,
        limits.stuck_after_days,
        case
            when limits.is_end then 'visible'
            when milestones.is_ended then 'ended'
            when not clock.is_events_delivered then 'unknown'
            else 'waiting'
        end as waiting_status,
        -- If the day on which the process ended is unknown, the number of days is unknown too.
        case when milestones.is_ended then milestones.ended_date else clock.lifecycle_as_of_date end as until_date,
        case
            when limits.stuck_counted_from = 'stage' and spread.current_stage_status = 'dated'
                then spread.current_stage_date
            when limits.stuck_counted_from = 'order_signed' and spread.order_signed_status = 'dated'
                then spread.order_signed_date
        end as counted_from_date,
        milestones.* exclude (conviction_key),
        clock.lifecycle_as_of_date,
        clock.evaluated_as_of_date,
        clock.extract_as_of_date,
        clock.is_synthetic
    from spread
    inner join milestones on spread.conviction_key = milestones.conviction_key
    inner join limits on spread.current_stage = limits.stage
    cross join clock

),

final as (

    select
        placed.conviction_key,
        convictions.person_key,
        coalesce(courthouses.courthouse_key, 'unknown') as courthouse_key,
        cast(convictions.wave_number as integer) as wave_number,
        convictions.is_on_doj_list,
        convictions.conviction_date,
        cast(placed.current_stage_number as integer) as current_stage_number,
        placed.current_stage,
        placed.current_stage_status,
        placed.current_stage_date,
        placed.waiting_status,
        case
            when placed.current_stage_status = 'dated' and placed.until_date >= placed.current_stage_date
                then cast(datediff('day', placed.current_stage_date, placed.until_date) as bigint)
        end as days_in_stage,
        placed.waiting_status in ('waiting', 'unknown') as is_censored,
        placed.stuck_after_days,
        case
            when placed.waiting_status in ('visible', 'ended') then false
            -- Where no events were delivered, it is unknown which convictions wait.
            when placed.waiting_status = 'waiting'
                then
                    datediff('day', placed.counted_from_date, placed.lifecycle_as_of_date)
                    > placed.stuck_after_days
        end as is_stuck,
        outcomes.outcome,
        convictions.relief_type,
        challenges.challenge_status,
        coalesce(persons.is_deceased, false) as is_deceased,
        destruction.destruction_status,
        {% for stage in stages %}
        placed.{{ stage }}_date,
        placed.{{ stage }}_status,
        placed.{{ stage }}_told_by,
        cast(placed.{{ stage }}_days as bigint) as {{ stage }}_days,
        {% endfor %}
        placed.notice_to_public_defender_date,
        placed.public_defender_attempt_date,
        placed.petition_filed_date,
        placed.is_record_sealed,
        placed.record_sealed_date,
        placed.order_denied_date,
        coalesce(contradictions.contradictions, '') as contradictions,
        placed.lifecycle_as_of_date,
        placed.evaluated_as_of_date,
        placed.extract_as_of_date,
        placed.is_synthetic
    from placed
    inner join convictions on placed.conviction_key = convictions.conviction_key
    left join contradictions on placed.conviction_key = contradictions.conviction_key
    left join courthouses on placed.conviction_key = courthouses.conviction_key
    left join outcomes on placed.conviction_key = outcomes.conviction_key
    left join challenges on placed.conviction_key = challenges.conviction_key
    left join persons on convictions.person_key = persons.person_key
    left join destruction on placed.conviction_key = destruction.conviction_key

)

select * from final
