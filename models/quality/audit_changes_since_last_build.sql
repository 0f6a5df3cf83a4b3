{% set parts = ['wave', 'outcome'] + lifecycle_stages() %}

with inputs as (

    select * from {{ ref('int_changes__inputs') }}

),

since as (

    select distinct since_at from inputs

),

people as (

    select * from {{ ref('int_changes__people') }}

),

convictions as (

    select
        conviction_key,
        person_key
    from {{ ref('int_identity__convictions') }}

),

lifecycle as (

    select * from {{ ref('fct_relief_lifecycle') }}

),

-- Answers (versions of a row of the snapshot) that were valid at the last build and have ended since, and answers that
-- are new since then.
determination_versions as (

    select
        versions.*,
        versions.dbt_valid_from < since.since_at as is_of_last_build
    from {{ ref('snap_relief_determinations') }} as versions
    cross join since
    where
        (versions.dbt_valid_from < since.since_at and versions.dbt_valid_to >= since.since_at)
        or (versions.dbt_valid_from >= since.since_at and versions.dbt_valid_to is null)

),

stage_versions as (

    select
        versions.*,
        versions.dbt_valid_from < since.since_at as is_of_last_build
    from {{ ref('snap_relief_stages') }} as versions
    cross join since
    where
        (versions.dbt_valid_from < since.since_at and versions.dbt_valid_to >= since.since_at)
        or (versions.dbt_valid_from >= since.since_at and versions.dbt_valid_to is null)

),

determinations_then as (

    select * from determination_versions
    where is_of_last_build

),

determinations_now as (

    select * from determination_versions
    where not is_of_last_build

),

stages_then as (

    select * from stage_versions
    where is_of_last_build

),

stages_now as (

    select * from stage_versions
    where not is_of_last_build

),

-- The first build has no earlier build to compare with, so it reports no changes.
is_first as (

    select count(*) = 0 as is_first_build
    from {{ ref('snap_build_inputs') }} as versions
    cross join since
    where versions.dbt_valid_from < since.since_at

),

determinations as (

    select
        'determination' as what,
        coalesce(became.conviction_key, was.conviction_key) as conviction_key,
        coalesce(became.policy_id, was.policy_id) as policy_id,
        was.determination || ': ' || was.reason as was,
        became.determination || ': ' || became.reason as became,
        case
            when coalesce(was.decision_key, '') <> coalesce(became.decision_key, '')
                then coalesce(became.decision_key, was.decision_key)
        end as decision_key,
        cast(null as varchar) as told_by
    from determinations_then as was
    full outer join determinations_now as became
        on was.conviction_key = became.conviction_key and was.policy_id = became.policy_id
    -- A value that disappeared after the last build and came back unchanged is not a change.
    where
        was.determination is distinct from became.determination
        or was.reason is distinct from became.reason
        or was.decision_key is distinct from became.decision_key

),

stages as (

    select
        {% for part in parts %}
        was.{{ part }} as was_{{ part }},
        became.{{ part }} as became_{{ part }},
        {% endfor %}
        {% for stage in lifecycle_stages() %}
        lifecycle.{{ stage }}_told_by as told_{{ stage }},
        {% endfor %}
        coalesce(became.conviction_key, was.conviction_key) as conviction_key
    from stages_then as was
    full outer join stages_now as became on was.conviction_key = became.conviction_key
    left join lifecycle on coalesce(became.conviction_key, was.conviction_key) = lifecycle.conviction_key

),

changes as (

    select * from determinations
    {% for part in parts %}
    union all
    select
        '{{ part if part in ['wave', 'outcome'] else 'stage ' ~ part }}' as what,
        stages.conviction_key,
        cast(null as varchar) as policy_id,
        stages.was_{{ part }} as was,
        stages.became_{{ part }} as became,
        cast(null as varchar) as decision_key,
        {{ "cast(null as varchar)" if part in ['wave', 'outcome'] else "stages.told_" ~ part }} as told_by
    from stages
    where stages.was_{{ part }} is distinct from stages.became_{{ part }}
    {% endfor %}

),

changed_inputs as (

    select
        string_agg(distinct input_type, ';' order by input_type) filter (where input_type <> '') as input_types,
        string_agg(input_key, ';' order by input_key) filter (where input_type = 'delivery' and became is null)
            as ended_deliveries,
        max(was || ' to ' || became) filter (where input_type = 'evaluation date') as evaluation_dates,
        max(was || ' to ' || became) filter (where input_type = 'county') as counties
    from inputs

),

changed_policies as (

    select
        input_key as policy_id,
        coalesce(was, 'new') || ' to ' || coalesce(became, 'none') as versions,
        was is null or became is null as is_new_or_ended
    from inputs
    where input_type = 'policy'

),

new_deliveries as (

    select input_key as delivery_id from inputs
    where input_type = 'delivery' and became is not null

),

review_deliveries as (

    select delivery_id from {{ ref('stg_landing__deliveries') }}
    where source = 'review_decisions'

),

caused as (

    select
        changes.*,
        -- `cause` is the first cause that applies; changed_inputs lists all kinds of input that changed.
        case
            when changes.decision_key is not null then 'decision'
            when new_deliveries.delivery_id is not null and review_deliveries.delivery_id is not null then 'decision'
            when changed_policies.is_new_or_ended then 'policy'
            when new_deliveries.delivery_id is not null or people.deliveries is not null then 'delivery'
            when changes.became is null and changed_inputs.ended_deliveries is not null then 'delivery'
            when changed_policies.policy_id is not null then 'policy'
            when changed_inputs.counties is not null then 'county'
            when changed_inputs.evaluation_dates is not null and changes.policy_id is not null then 'evaluation date'
            when changed_inputs.ended_deliveries is not null then 'delivery'
            else 'rules or seeds'
        end as cause,
        coalesce(
            changes.decision_key,
            new_deliveries.delivery_id,
            people.deliveries
        ) as told_key,
        changed_inputs.ended_deliveries,
        changed_policies.versions,
        changed_inputs.counties,
        changed_inputs.evaluation_dates,
        coalesce(changed_inputs.input_types, '') as changed_inputs
    from changes
    cross join changed_inputs
    left join convictions on changes.conviction_key = convictions.conviction_key
    left join people on convictions.person_key = people.person_key
    left join changed_policies on changes.policy_id = changed_policies.policy_id
    left join new_deliveries on changes.told_by = new_deliveries.delivery_id
    left join review_deliveries on changes.told_by = review_deliveries.delivery_id

),

final as (

    select
        caused.what,
        caused.conviction_key,
        coalesce(caused.policy_id, '') as policy_id,
        caused.was,
        caused.became,
        caused.cause,
        case caused.cause
            when 'decision' then caused.told_key
            when 'delivery' then coalesce(caused.told_key, caused.ended_deliveries)
            when 'policy' then caused.versions
            when 'county' then caused.counties
            when 'evaluation date' then caused.evaluation_dates
        end as caused_by,
        caused.changed_inputs,
        since.since_at
    from caused
    cross join since
    cross join is_first
    where not is_first.is_first_build

)

select * from final
