with determinations as (

    select * from {{ ref('int_policies__determinations') }}

),

-- An attorney's decision replaces the rules' answer; the rules' answer is kept in columns of its own.
decisions as (

    select * from {{ ref('int_review__decided_convictions') }}
    where decision_type = 'eligibility' and decision_status = 'in_force' and determination is not null

),

evaluated as (

    select
        evaluated.*,
        history.convictions as history_convictions,
        history.prop_64_convictions as history_prop_64_convictions
    from {{ ref('int_policies__evaluated_convictions') }} as evaluated
    left join {{ ref('int_policies__person_history') }} as history
        on evaluated.history_key = history.history_key
    where evaluated.reading in ('ours', 'published')

),

defects as (

    {{ relief_defects() }}

),

policies as (

    select
        policy_id,
        policy_version
    from {{ ref('dim_policies') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

final as (

    select
        evaluated.identified_key as conviction_key,
        determinations.policy_id,
        evaluated.source,
        evaluated.delivery_id,
        evaluated.row_no,
        evaluated.subject_id,
        evaluated.cnt_order,
        coalesce(evaluated.case_number, '') as case_number,
        coalesce(decisions.determination, determinations.determination) as determination,
        case
            when decisions.decision_key is not null then 'Decided by an attorney'
            else determinations.reason
        end as reason,
        case when decisions.decision_key is not null then '' else determinations.cannot_tell end as cannot_tell,
        determinations.unknown_facts,
        coalesce(defects.listed_defects, '') as defects,
        evaluated.history_convictions - evaluated.history_prop_64_convictions as other_convictions,
        coalesce(determinations.deciding_rule_id, '') as deciding_rule_id,
        determinations.citation,
        cast(context.evaluated_as_of_date as date) as evaluated_as_of_date,
        cast(context.extract_as_of_date as date) as extract_as_of_date,
        context.is_synthetic,
        -- A decision rests on the attorney's judgment, not on what the rules presume.
        case when decisions.decision_key is not null then '' else determinations.assumed_facts end as assumed_facts,
        case
            when decisions.decision_key is not null then coalesce(decisions.legal_ground, '')
            else determinations.legal_ground
        end as legal_ground,
        policies.policy_version,
        determinations.determination as rule_determination,
        determinations.reason as rule_reason,
        decisions.decision_key,
        decisions.attorney as decided_by,
        decisions.decision_date as decided_date,
        decisions.ground as decision_ground
    from determinations
    inner join evaluated on determinations.conviction_key = evaluated.conviction_key
    cross join context
    left join policies on determinations.policy_id = policies.policy_id
    left join decisions
        on
            evaluated.identified_key = decisions.conviction_key
            and determinations.policy_id = decisions.policy_id
    left join defects
        on
            evaluated.delivery_id = defects.delivery_id
            and evaluated.row_no = defects.row_no
            and determinations.policy_id = defects.policy_id

)

select * from final
