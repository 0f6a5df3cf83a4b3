-- The policies that come with the warehouse, together with those that people added.
with policies as (

    select
        policy_id,
        overdue_records,
        unknown_plants
    from {{ ref('policies') }}
    union all
    select
        policy_id,
        -- NULL where the policy was added before this parameter existed; the conditions are then used as written.
        overdue_records,
        unknown_plants
    from {{ ref('stg_landing__added_policies') }}

),

conditions_written as (

    select
        policy_id,
        rule_id,
        condition_no,
        measure,
        operator,
        threshold,
        if_unknown,
        citation
    from {{ ref('policy_conditions') }}
    union all
    select
        policy_id,
        rule_id,
        condition_no,
        measure,
        operator,
        threshold,
        if_unknown,
        citation
    from {{ ref('stg_landing__added_policy_conditions') }}

),

-- The conditions as changed by the parameters of the policy.
turned as (

    select
        conditions_written.policy_id,
        conditions_written.rule_id,
        conditions_written.condition_no,
        {{ asked_measure('conditions_written.measure', "policies.overdue_records = 'left_out'") }} as measure,
        conditions_written.measure as written_measure,
        conditions_written.operator,
        conditions_written.threshold,
        {{ asked_if_unknown(
            'conditions_written.measure', 'conditions_written.threshold', 'conditions_written.if_unknown',
            "policies.unknown_plants = 'more_than_six'",
        ) }} as if_unknown,
        conditions_written.if_unknown as written_if_unknown,
        conditions_written.citation
    from conditions_written
    inner join policies on conditions_written.policy_id = policies.policy_id

),

final as (

    select
        policy_id,
        rule_id,
        condition_no,
        measure,
        written_measure,
        operator,
        threshold,
        if_unknown,
        -- The citation of a condition supports the presumption as written. A reversed presumption needs another
        -- citation.
        case when if_unknown <> written_if_unknown then {{ more_plants_citation() }} else citation end as citation
    from turned

)

select * from final
