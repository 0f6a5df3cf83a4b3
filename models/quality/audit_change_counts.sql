with changes as (

    select * from {{ ref('audit_changes_since_last_build') }}

),

since as (

    select distinct since_at from {{ ref('int_changes__inputs') }}

),

is_first as (

    select count(*) = 0 as is_first_build
    from {{ ref('snap_build_inputs') }} as versions
    cross join since
    where versions.dbt_valid_from < since.since_at

),

counted as (

    select
        case when what like 'stage %' then 'stage' else what end as what,
        policy_id,
        cause,
        count(*) as changes,
        count(distinct conviction_key) as convictions
    from changes
    group by case when what like 'stage %' then 'stage' else what end, policy_id, cause

),

final as (

    select
        what,
        policy_id,
        cause,
        changes,
        convictions
    from counted
    union all
    select
        'all' as what,
        '' as policy_id,
        case when is_first.is_first_build then 'first build' else 'nothing changed' end as cause,
        0 as changes,
        0 as convictions
    from is_first
    where is_first.is_first_build or not exists (select 1 from counted)

)

select
    cast(what as varchar) as what,
    cast(policy_id as varchar) as policy_id,
    cast(cause as varchar) as cause,
    cast(changes as bigint) as changes,
    cast(convictions as bigint) as convictions
from final
