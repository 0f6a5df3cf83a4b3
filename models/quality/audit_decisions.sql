with decisions as (

    select * from {{ ref('fct_review_decisions') }}

),

convictions as (

    select
        conviction_key,
        conviction_date
    from {{ ref('int_identity__convictions') }}

),

links as (

    select * from {{ ref('int_identity__decided_links') }}

),

-- What each decision is about (`thing`), because two decisions about the same thing can contradict each other.
about as (

    select
        decision_key,
        decision_status,
        policy_id || '|' || conviction_key as thing
    from {{ ref('int_review__decided_convictions') }}
    union all
    select
        decision_key,
        decision_status,
        case
            when decision_type = 'count_link' then doj_conviction_key || '|' || court_conviction_key
            else subject_key || '|' || case_defendant_key
        end as thing
    from links

),

grounds as (

    select
        decision_key,
        bool_or(determination = 'Eligible for Dismissal' and legal_ground is null) as has_no_legal_ground,
        bool_or(is_legal_ground_unknown) as is_legal_ground_unknown
    from {{ ref('int_review__decided_convictions') }}
    where decision_status = 'in_force'
    group by decision_key

),

findings as (

    select
        delivery_id,
        row_no,
        decision_type,
        decision_status,
        decision_date,
        'decision_' || decision_status as finding,
        fault_column as column_name
    from decisions
    where decision_status not in ('in_force', 'replaced', 'not_filled_in')
    union all
    -- A decision without a legal ground is applied but also listed here, because a court cannot be asked for a
    -- dismissal without a ground.
    select
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_type,
        decisions.decision_status,
        decisions.decision_date,
        'decision_without_legal_ground' as finding,
        'legal_ground' as column_name
    from decisions
    inner join grounds on decisions.decision_key = grounds.decision_key
    where grounds.has_no_legal_ground and not grounds.is_legal_ground_unknown
    union all
    -- A legal ground that is not known is never used, whatever the verdict.
    select
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_type,
        decisions.decision_status,
        decisions.decision_date,
        'decision_legal_ground_unknown' as finding,
        'legal_ground' as column_name
    from decisions
    inner join grounds on decisions.decision_key = grounds.decision_key
    where grounds.is_legal_ground_unknown
    union all
    select
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_type,
        decisions.decision_status,
        decisions.decision_date,
        'decision_before_conviction' as finding,
        'decision_date' as column_name
    from decisions
    inner join convictions on decisions.conviction_key = convictions.conviction_key
    where decisions.decision_status = 'in_force' and decisions.decision_date < convictions.conviction_date
    union all
    -- If two decisions of one file and day contradict each other, the last row is applied, although the other one may
    -- have been meant.
    select distinct
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_type,
        decisions.decision_status,
        decisions.decision_date,
        'decision_contradicted_same_day' as finding,
        'verdict' as column_name
    from decisions
    inner join about on decisions.decision_key = about.decision_key and about.decision_status = 'replaced'
    inner join about as standing
        on
            about.thing = standing.thing
            and standing.decision_status = 'in_force'
    inner join decisions as other
        on
            standing.decision_key = other.decision_key
            and decisions.delivery_id = other.delivery_id
            and decisions.decision_date = other.decision_date
            and decisions.decision_type = other.decision_type
            and decisions.policy_id is not distinct from other.policy_id
            and decisions.verdict <> other.verdict
    where 'withdrawn' not in (decisions.verdict, other.verdict)
    union all
    -- Both decisions are applied. The conviction then has a court count of a defendant who is, as an attorney decided,
    -- a different person.
    select distinct
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_type,
        decisions.decision_status,
        decisions.decision_date,
        'decision_links_disagree' as finding,
        'verdict' as column_name
    from decisions
    inner join links
        on
            decisions.decision_key = links.decision_key
            and links.decision_type = 'count_link'
            and links.verdict = 'same'
            and links.decision_status = 'in_force'
    inner join links as people
        on
            links.case_defendant_key = people.case_defendant_key
            and people.decision_type = 'person_link'
            and people.decision_status = 'in_force'
            and (
                (people.verdict = 'different' and links.subject_key = people.subject_key)
                or (people.verdict = 'same' and links.subject_key <> people.subject_key)
            )
    union all
    select
        decisions.delivery_id,
        decisions.row_no,
        decisions.decision_type,
        decisions.decision_status,
        decisions.decision_date,
        'decision_without_reason' as finding,
        'ground' as column_name
    from decisions
    where decisions.decision_status = 'in_force' and decisions.ground is null and decisions.verdict <> 'withdrawn'

),

final as (

    select * from findings

)

select * from final
