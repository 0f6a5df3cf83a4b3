with last_run as (

    select * from {{ ref('stg_machine__last_dbt_run') }}

),

results as (

    select
        check_results.gate,
        check_results.check_name,
        coalesce(check_results.build_id, '') as build_id,
        check_results.severity,
        check_results.status,
        check_results.observed,
        -- The number at the beginning of `observed`, a text that never contains a name or a date.
        try_cast(replace(regexp_extract(check_results.observed, '^[0-9][0-9,]*([.][0-9]+)?'), ',', '') as double)
            as observed_number,
        check_results.checked_at,
        -- Some rows, written by an earlier version of the program, have no result_no. They are newer than rows that
        -- have one.
        row_number() over (
            partition by check_results.gate, check_results.check_name
            order by check_results.result_no desc nulls first, check_results.checked_at desc
        ) as age,
        coalesce(check_results.build_id, '') = coalesce(last_run.build_id, '') as is_of_last_build
    from {{ ref('stg_machine__check_results') }} as check_results
    left join last_run on true

),

with_history as (

    select
        *,
        lead(status) over (partition by gate, check_name order by age) as status_before,
        lead(observed_number) over (partition by gate, check_name order by age) as observed_number_before,
        count(*) over (partition by gate, check_name) as times_asked,
        count(*) filter (where status <> 'passed') over (partition by gate, check_name) as times_not_passed
    from results

),

-- The measures of each delivery that the landed gate compares with their bands. The measure `content` is left out,
-- because it is only a checksum by which the gate recognizes a delivery.
measured as (

    select
        delivery_id,
        definition,
        measure,
        value,
        row_count
    from {{ ref('stg_machine__delivery_measures') }}
    where measure <> 'content'

),

final as (

    select
        gate,
        check_name,
        build_id,
        '' as delivery_id,
        '' as definition,
        severity,
        status,
        observed,
        observed_number,
        cast(null as bigint) as row_count,
        checked_at,
        -- The landed gate runs before a build, so its results carry the identifier of the previous build.
        age = 1 and (gate = 'landed' or is_of_last_build) as is_current,
        status_before,
        observed_number_before,
        times_asked,
        times_not_passed
    from with_history
    union all
    select
        'landed' as gate,
        measure as check_name,
        '' as build_id,
        delivery_id,
        definition,
        cast(null as varchar) as severity,
        'measured' as status,
        cast(null as varchar) as observed,
        value as observed_number,
        row_count,
        cast(null as timestamp) as checked_at,
        false as is_current,
        cast(null as varchar) as status_before,
        cast(null as double) as observed_number_before,
        cast(null as bigint) as times_asked,
        cast(null as bigint) as times_not_passed
    from measured

)

select * from final
