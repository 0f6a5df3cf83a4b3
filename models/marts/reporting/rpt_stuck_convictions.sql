with lifecycle as (

    select * from {{ ref('fct_relief_lifecycle') }}
    where waiting_status = 'waiting'

),

limits as (

    select
        limits.stage,
        limits.stage_title,
        limits.stuck_counted_from,
        limits.stuck_reason,
        limits.limit_source,
        limits.deadline_id,
        deadlines.citation as limit_citation
    from {{ ref('lifecycle_stages') }} as limits
    left join {{ ref('legal_deadlines') }} as deadlines on limits.deadline_id = deadlines.deadline_id

),

by_courthouse as (

    select
        *,
        courthouse_key as of_courthouse
    from lifecycle
    union all
    select
        *,
        'all' as of_courthouse
    from lifecycle

),

final as (

    select
        cast(by_courthouse.current_stage_number as integer) as stage_number,
        by_courthouse.current_stage as stage,
        min(limits.stage_title) as stage_title,
        by_courthouse.of_courthouse as courthouse,
        'convictions' as unit,
        count(*) as waiting,
        count(*) filter (where by_courthouse.is_stuck) as stuck,
        count(*) filter (where by_courthouse.is_stuck is null) as cannot_tell,
        cast(min(by_courthouse.stuck_after_days) as integer) as stuck_after_days,
        min(limits.stuck_counted_from) as stuck_counted_from,
        min(limits.stuck_reason) as stuck_reason,
        min(limits.limit_source) as limit_source,
        min(limits.deadline_id) as deadline_id,
        min(limits.limit_citation) as limit_citation,
        max(by_courthouse.days_in_stage) as oldest_days,
        cast(median(by_courthouse.days_in_stage) as double) as median_days_so_far,
        min(by_courthouse.current_stage_date) filter (where by_courthouse.current_stage_status = 'dated')
            as oldest_since_date,
        cast(
            rank() over (
                partition by by_courthouse.of_courthouse = 'all'
                order by max(by_courthouse.days_in_stage) desc nulls last
            ) as bigint
        ) as oldest_rank,
        max(by_courthouse.lifecycle_as_of_date) as lifecycle_as_of_date,
        max(by_courthouse.extract_as_of_date) as extract_as_of_date,
        bool_or(by_courthouse.is_synthetic) as is_synthetic
    from by_courthouse
    inner join limits on by_courthouse.current_stage = limits.stage
    group by by_courthouse.current_stage_number, by_courthouse.current_stage, by_courthouse.of_courthouse

)

select * from final
