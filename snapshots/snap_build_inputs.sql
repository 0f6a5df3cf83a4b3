{% snapshot snap_build_inputs %}
    {{ config(unique_key=['input_type', 'input_key'], check_cols=['input_value']) }}

    with deliveries as (

        select
            'delivery' as input_type,
            delivery_id as input_key,
            -- The number of rows is included because it grows when rejected records are repaired.
            cast(as_of_date as varchar) || ', ' || cast(rows_in_raw as varchar) || ' rows' as input_value
        from {{ ref('audit_delivery_reconciliation') }}
        where status = 'landed'

    ),

    policies as (

        select
            'policy' as input_type,
            policy_id as input_key,
            policy_version
            || ', overdue records '
            || overdue_records
            -- `unknown_plants` is recorded only if it differs from its default. Every policy had the default before the
            -- parameter existed, so that no older policy seems changed.
            || case unknown_plants when 'more_than_six' then ', unknown plants more_than_six' else '' end as input_value
        from {{ ref('dim_policies') }}
        -- Drafts are left out. A draft that is approved appears as a new policy, or as another version of a policy.
        where status <> 'draft'

    ),

    context as (

        select
            'evaluation date' as input_type,
            'evaluated_as_of_date' as input_key,
            coalesce(cast(evaluated_as_of_date as varchar), 'none') as input_value
        from {{ ref('stg_landing__build_context') }}
        union all
        select
            'county' as input_type,
            'county_name' as input_key,
            county_name as input_value
        from {{ ref('stg_landing__build_context') }}

    ),

    final as (

        select * from deliveries
        union all
        select * from policies
        union all
        select * from context

    )

    select * from final
{% endsnapshot %}
