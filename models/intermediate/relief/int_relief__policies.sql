with final as (

    select
        policy_id,
        title,
        version,
        county,
        offense_scope,
        evaluates_sources,
        published_as,
        source,
        false as is_added
    from {{ ref('policies') }}
    union all
    select
        policy_id,
        title,
        version,
        county,
        offense_scope,
        evaluates_sources,
        published_as,
        source,
        true as is_added
    from {{ source('landing', 'policies') }}

)

select * from final
