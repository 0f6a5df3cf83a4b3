{# The stages from identified to visible, in the order of the process: seeds/reference/lifecycle_stages.csv. #}
{% macro lifecycle_stages() %}
    {{ return([
        'identified', 'reviewed', 'submitted_to_court', 'order_signed', 'order_entered', 'court_record_updated',
        'reported_to_doj', 'doj_updated', 'verified'
    ]) }}
{% endmacro %}


{#
    The report of rates by group: one row per stage and group, `all` being the total over a column. `groups` names each
    column of the report and the column of int_lifecycle__counts that holds it.
#}
{% macro relief_by(groups) %}
with counts as (

    select * from {{ ref('int_lifecycle__counts') }}

),

stages as (

    select
        stage_number,
        stage,
        stage_title
    from {{ ref('lifecycle_stages') }}

),

clock as (

    select * from {{ ref('int_lifecycle__clock') }}

),

-- Each conviction is counted once per stage, so `in_review` is the same for every stage. It is the denominator of every
-- rate.
summed as (

    select
        {% for name, column in groups.items() %}
        coalesce(counts.{{ column }}, 'all') as {{ name }},
        {% endfor %}
        counts.stage,
        sum(counts.convictions) as in_review,
        sum(counts.convictions) filter (where counts.stage_status in ('dated', 'undated', 'doubtful')) as counted,
        sum(counts.convictions) filter (where counts.stage_status in ('dated', 'undated')) as counted_low,
        sum(counts.convictions) filter (
            where counts.stage_status in ('dated', 'undated', 'doubtful', 'passed')
        ) as counted_high,
        sum(counts.convictions) filter (where counts.is_waiting_here) as waiting_here,
        sum(counts.convictions) filter (where counts.is_ended_here) as ended_here,
        sum(counts.convictions) filter (where counts.is_stuck_here) as stuck_here,
        bool_or(counts.stage_status = 'not_delivered') as is_not_delivered
    from counts
    group by counts.stage, cube({% for column in groups.values() %}counts.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %})

),

numbers as (

    select
        {% for name in groups %}
        {{ name }},
        {% endfor %}
        stage,
        {% for number in ['counted', 'counted_low', 'counted_high'] %}
        -- If the file was not delivered, the number is NULL, not zero.
        case when not is_not_delivered then cast(coalesce({{ number }}, 0) as bigint) end as {{ number }},
        {% endfor %}
        {% for number in ['waiting_here', 'ended_here', 'stuck_here'] %}
        -- Without event files it is unknown which convictions wait.
        case when clock.is_events_delivered then cast(coalesce({{ number }}, 0) as bigint) end as {{ number }},
        {% endfor %}
        cast(in_review as bigint) as in_review
    from summed
    cross join clock

),

final as (

    select
        {% for name in groups %}
        numbers.{{ name }},
        {% endfor %}
        cast(stages.stage_number as integer) as stage_number,
        numbers.stage,
        stages.stage_title,
        'convictions' as unit,
        numbers.in_review,
        numbers.counted,
        numbers.counted_low,
        numbers.counted_high,
        cast(numbers.counted as double) / numbers.in_review as rate,
        cast(numbers.counted_low as double) / numbers.in_review as rate_low,
        cast(numbers.counted_high as double) / numbers.in_review as rate_high,
        numbers.waiting_here,
        numbers.ended_here,
        numbers.stuck_here,
        clock.lifecycle_as_of_date,
        clock.evaluated_as_of_date,
        clock.extract_as_of_date,
        clock.is_synthetic
    from numbers
    inner join stages on numbers.stage = stages.stage
    cross join clock

)

select * from final
{% endmacro %}
