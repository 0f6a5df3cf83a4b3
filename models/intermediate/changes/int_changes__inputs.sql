-- Inputs that were added, removed or changed since the last build that passed.
with runs as (

    select * from {{ ref('stg_machine__dbt_runs') }}

),

last_passed as (

    select max(run_no) as run_no from runs
    where is_passed

),

-- The inputs of failed builds were not compared, so the comparison starts at the first build after the last one that
-- passed.
since as (

    select coalesce(min(runs.started_at), timestamp '9999-12-31') as since_at
    from runs
    left join last_passed on true
    where last_passed.run_no is null or runs.run_no > last_passed.run_no

),

inputs as (

    select * from {{ ref('snap_build_inputs') }}

),

spans as (

    select
        inputs.input_type,
        inputs.input_key,
        max(case when inputs.dbt_valid_from < since.since_at then inputs.input_value end) as was,
        max(case when inputs.dbt_valid_to is null then inputs.input_value end) as became
    from inputs
    cross join since
    where
        inputs.dbt_valid_to is null
        or (inputs.dbt_valid_to >= since.since_at and inputs.dbt_valid_from < since.since_at)
    group by inputs.input_type, inputs.input_key

),

final as (

    select
        since.since_at,
        coalesce(spans.input_type, '') as input_type,
        coalesce(spans.input_key, '') as input_key,
        spans.was,
        spans.became
    from since
    left join spans on spans.was is distinct from spans.became

)

select * from final
