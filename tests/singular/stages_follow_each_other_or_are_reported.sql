-- If the days of two stages of a conviction are both possible, the earlier stage has the earlier day, or the audit
-- lists the conviction.
with stages as (

    select
        conviction_key,
        stage_number,
        stage,
        stage_date
    from {{ ref('int_lifecycle__stages') }}
    where stage_status = 'dated'

),

findings as (

    select distinct
        conviction_key,
        stage
    from {{ ref('audit_lifecycle_contradictions') }}
    where finding in ('lifecycle_out_of_order', 'lifecycle_before_identified')

)

select
    later.conviction_key,
    earlier.stage as earlier_stage,
    later.stage as later_stage
from stages as earlier
inner join stages as later
    on
        earlier.conviction_key = later.conviction_key
        and earlier.stage_number < later.stage_number
        and earlier.stage_date > later.stage_date
left join findings on later.conviction_key = findings.conviction_key and later.stage = findings.stage
where findings.conviction_key is null
