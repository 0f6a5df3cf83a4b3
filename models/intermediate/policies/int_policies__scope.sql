with policies as (

    select
        policy_id,
        max(offense_scope) as offense_scope,
        ';' || max(evaluates_sources) || ';' as evaluates_sources,
        max(overdue_records) as overdue_records
    from {{ ref('int_policies__rules') }}
    group by policy_id

),

final as (

    select
        evaluated.conviction_key,
        policies.policy_id,
        evaluated.is_in_county is null as is_county_unknown,
        coalesce(evaluated.is_disposition_unknown, false) as is_disposition_unknown
    from {{ ref('int_policies__evaluated_convictions') }} as evaluated
    inner join policies
        on
            {{ is_in_offense_scope('policies', 'evaluated') }}
            and policies.evaluates_sources like ('%;' || evaluated.source || ';%')
            -- The older tool leaves no records out, so policies that leave overdue records out have no interpretation
            -- by the older tool.
            and (policies.overdue_records = 'counted' or evaluated.reading = 'ours')
            -- If the published rules interpret the file differently, only the published rules use that interpretation
            -- and those by the older tool.
            and case
                when not coalesce(evaluated.is_read_as_published, false) then true
                when policies.offense_scope = 'prop_64_published' and policies.overdue_records = 'counted'
                    then evaluated.reading <> 'ours'
                else evaluated.reading = 'ours'
            end

)

select * from final
