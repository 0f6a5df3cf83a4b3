-- Decisions about a conviction: whether it qualifies, and whether the prosecution challenges it.
with decisions as (

    select * from {{ ref('stg_review_decisions__decisions') }}
    where coalesce(decision_type, '') not in ('count_link', 'person_link')

),

verdicts as (

    select
        decision_type,
        verdict,
        nullif(determination, '') as determination,
        nullif(legal_ground, '') as legal_ground
    from {{ ref('review_verdicts') }}

),

decision_types as (

    select distinct decision_type from {{ ref('review_verdicts') }}

),

grounds as (

    select
        legal_ground,
        {{ coded_ground('legal_ground') }} as coded_ground
    from {{ ref('legal_grounds') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

named_convictions as (

    select * from {{ ref('int_identity__named_convictions') }}

),

all_in_scope as (

    select * from {{ ref('int_policies__scope') }}

),

policies as (

    select distinct policy_id from {{ ref('int_policies__rules') }}

),

read as (

    select
        decisions.*,
        deliveries.as_of_date,
        deliveries.landed_at,
        named_convictions.conviction_key,
        verdicts.determination,
        coalesce(grounds.legal_ground, verdicts.legal_ground) as legal_ground_of_decision,
        decisions.legal_ground is not null and grounds.legal_ground is null as is_legal_ground_unknown,
        {{ decision_status(
            'decisions', 'decision_types.decision_type is not null', 'verdicts.verdict is not null', 'deliveries.as_of_date'
        ) }} as reading,
        named_convictions.naming_fault as naming,
        named_convictions.differing_column,
        case
            when
                decisions.decision_type = 'eligibility'
                and decisions.policy_id is not null
                and policies.policy_id is null
                then 'policy_unknown'
        end as policy_fault
    from decisions
    left join decision_types on decisions.decision_type = decision_types.decision_type
    left join verdicts
        on decisions.decision_type = verdicts.decision_type and decisions.verdict = verdicts.verdict
    left join grounds on {{ coded_ground('decisions.legal_ground') }} = grounds.coded_ground
    left join deliveries on decisions.delivery_id = deliveries.delivery_id
    left join named_convictions on 'decision|' || decisions.decision_key = named_convictions.naming_key
    left join policies on decisions.policy_id = policies.policy_id

),

decided_eligibility as (

    select distinct conviction_key
    from read
    where decision_type = 'eligibility' and conviction_key is not null

),

-- The published rules may evaluate the conviction in a separate history, under another key.
evaluated_keys as (

    select
        conviction_key,
        conviction_key as evaluated_key
    from decided_eligibility
    union all
    select
        conviction_key,
        {{ as_published_reading('conviction_key') }} as evaluated_key
    from decided_eligibility

),

-- Only a few hundred of two million rows are needed below. They are selected first, because the next joins compare more
-- than a key.
in_scope as (

    select
        evaluated_keys.conviction_key,
        all_in_scope.policy_id
    from all_in_scope
    inner join evaluated_keys on all_in_scope.conviction_key = evaluated_keys.evaluated_key

),

-- A decision about eligibility applies to the policy that it names or, if it names none, to every policy that evaluates
-- the conviction.
spread as (

    select
        read.*,
        coalesce(in_scope.policy_id, '') as of_policy_id,
        coalesce(
            read.reading,
            read.naming,
            read.policy_fault,
            case when read.decision_type = 'eligibility' and in_scope.policy_id is null then 'not_evaluated' end
        ) as fault
    from read
    left join in_scope
        on
            read.decision_type = 'eligibility'
            and read.conviction_key = in_scope.conviction_key
            and coalesce(read.policy_id, in_scope.policy_id) = in_scope.policy_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by decision_type, conviction_key, of_policy_id, fault is null
            order by
                -- A decision about one policy overrides a decision about all policies.
                case when policy_id is null then 1 else 0 end,
                {{ latest_decision_first() }}
        ) as decision_rank
    from spread

),

final as (

    select
        decision_key,
        decision_type,
        of_policy_id as policy_id,
        conviction_key,
        verdict,
        determination,
        case when determination like 'Eligible%' then legal_ground_of_decision end as legal_ground,
        ground,
        attorney,
        decision_date,
        is_legal_ground_unknown,
        case
            when fault is not null then fault
            when decision_rank > 1 then 'replaced'
            else 'in_force'
        end as decision_status,
        coalesce(
            {{ decision_fault_column('fault') }},
            case when fault in ('record_unknown', 'names_differ') then differing_column end
        ) as fault_column
    from ranked

)

select * from final
