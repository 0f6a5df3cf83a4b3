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
        {{ coded_text('legal_ground') }} as coded_ground
    from {{ ref('legal_grounds') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}

),

doj as (

    select
        doj_conviction_key,
        cii_number
    from {{ ref('int_criminal_history__convictions') }}

),

court as (

    select
        court_conviction_key,
        cii_number
    from {{ ref('int_court__convictions') }}

),

in_scope as (

    select * from {{ ref('int_relief__scope') }}

),

policies as (

    select distinct policy_id from {{ ref('int_relief__policy_rules') }}

),

named as (

    select
        named_counts.naming_key,
        named_counts.named_by,
        convictions.conviction_key
    from {{ ref('int_identity__named_counts') }} as named_counts
    inner join convictions on named_counts.doj_conviction_key = convictions.doj_conviction_key
    union
    select
        named_counts.naming_key,
        named_counts.named_by,
        convictions.conviction_key
    from {{ ref('int_identity__named_counts') }} as named_counts
    inner join convictions on named_counts.court_conviction_key = convictions.court_conviction_key

),

-- What a row gives of a conviction must agree: a conviction that all of its names may mean.
ways as (

    select
        naming_key,
        count(distinct named_by) as ways_given
    from named
    group by naming_key

),

agreed as (

    select
        named.naming_key,
        named.conviction_key
    from named
    inner join ways on named.naming_key = ways.naming_key
    group by named.naming_key, named.conviction_key, ways.ways_given
    having count(distinct named.named_by) = ways.ways_given

),

matches as (

    select
        ways.naming_key,
        any_value(agreed.conviction_key) as conviction_key,
        count(agreed.conviction_key) as convictions
    from ways
    left join agreed on ways.naming_key = agreed.naming_key
    group by ways.naming_key

),

read as (

    select
        decisions.*,
        deliveries.as_of_date,
        deliveries.landed_at,
        case when matches.convictions = 1 then matches.conviction_key end as conviction_key,
        verdicts.determination,
        coalesce(grounds.legal_ground, verdicts.legal_ground) as legal_ground_of_decision,
        case
            when decision_types.decision_type is null and decisions.verdict is not null then 'type_unknown'
            else {{ decision_status('decisions', 'verdicts.verdict is not null', 'deliveries.as_of_date') }}
        end as reading,
        case
            when matches.naming_key is null then 'no_conviction'
            when matches.convictions > 1 then 'ambiguous'
            when matches.convictions = 0 then 'names_differ'
            when
                {{ cii_number_differs('decisions.cii_number', 'doj.cii_number', 'court.cii_number') | indent(16) }}
                then 'names_differ'
        end as naming,
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
    left join grounds
        on regexp_replace({{ coded_text('decisions.legal_ground') }}, '^1', 'h_s_1') = grounds.coded_ground
    left join deliveries on decisions.delivery_id = deliveries.delivery_id
    left join matches on 'decision|' || decisions.decision_key = matches.naming_key
    left join policies on decisions.policy_id = policies.policy_id
    left join convictions on matches.conviction_key = convictions.conviction_key
    left join doj on convictions.doj_conviction_key = doj.doj_conviction_key
    left join court on convictions.court_conviction_key = court.court_conviction_key

),

-- A decision about eligibility is about every policy that evaluates the conviction, or the one that it names.
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
                -- What is said of one policy stands before what is said of all.
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
        case
            when fault is not null then fault
            when decision_rank > 1 then 'replaced'
            else 'in_force'
        end as decision_status
    from ranked

)

select * from final
