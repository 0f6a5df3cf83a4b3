{% snapshot snap_relief_stages %}
    {% set columns = ['wave', 'outcome'] + lifecycle_stages() %}
    {{ config(unique_key='conviction_key', check_cols=columns) }}

    with lifecycle as (

        select * from {{ ref('fct_relief_lifecycle') }}

    ),

    final as (

        select
            conviction_key,
            coalesce(cast(wave_number as varchar), 'neither') as wave,
            outcome,
            {% for stage in lifecycle_stages() %}
            -- Only stages that a file reports are recorded. A stage that is merely implied by a later stage is left
            -- out.
            case
                when {{ stage }}_status in ('dated', 'doubtful') then cast({{ stage }}_date as varchar)
                when {{ stage }}_status = 'undated' then 'day unknown'
            end as {{ stage }}{{ "," if not loop.last }}
            {% endfor %}
        from lifecycle

    )

    select * from final
{% endsnapshot %}
