-- What attorneys decided about links between the two files. Read before anything is linked, so that links obey it.
with decisions as (

    select * from {{ ref('stg_review_decisions__decisions') }}
    where decision_type in ('count_link', 'person_link')

),

verdicts as (

    select * from {{ ref('review_verdicts') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

named_counts as (

    select * from {{ ref('int_identity__named_counts') }}

),

doj_convictions as (

    select * from {{ ref('int_criminal_history__convictions') }}

),

court_convictions as (

    select * from {{ ref('int_court__convictions') }}

),

-- A side that is named in two ways, by a row and by its numbers, is one count or none.
doj_sides as (

    select
        naming_key,
        min(doj_conviction_key) as doj_conviction_key,
        min(doj_conviction_key) = max(doj_conviction_key) as is_one
    from named_counts
    where doj_conviction_key is not null
    group by naming_key

),

court_sides as (

    select
        naming_key,
        min(court_conviction_key) as court_conviction_key,
        min(court_conviction_key) = max(court_conviction_key) as is_one
    from named_counts
    where court_conviction_key is not null
    group by naming_key

),

read as (

    select
        decisions.*,
        deliveries.as_of_date,
        deliveries.landed_at,
        doj_sides.doj_conviction_key,
        court_sides.court_conviction_key,
        doj_convictions.subject_key,
        court_convictions.case_defendant_key,
        {{ decision_status('decisions', 'verdicts.verdict is not null', 'deliveries.as_of_date') }} as reading,
        case
            when doj_sides.naming_key is null or court_sides.naming_key is null then 'no_conviction'
            when not doj_sides.is_one or not court_sides.is_one then 'ambiguous'
            when
                {{ cii_number_differs(
                    'decisions.cii_number', 'doj_convictions.cii_number', 'court_convictions.cii_number'
                ) | indent(16) }}
                then 'names_differ'
        end as naming
    from decisions
    left join verdicts
        on decisions.decision_type = verdicts.decision_type and decisions.verdict = verdicts.verdict
    left join deliveries on decisions.delivery_id = deliveries.delivery_id
    left join doj_sides on 'decision|' || decisions.decision_key = doj_sides.naming_key
    left join court_sides on 'decision|' || decisions.decision_key = court_sides.naming_key
    left join doj_convictions on doj_sides.doj_conviction_key = doj_convictions.doj_conviction_key
    left join court_convictions on court_sides.court_conviction_key = court_convictions.court_conviction_key

),

sides as (

    select
        *,
        coalesce(reading, naming) as fault,
        case when decision_type = 'count_link' then doj_conviction_key else subject_key end as doj_side,
        case when decision_type = 'count_link' then court_conviction_key else case_defendant_key end as court_side
    from read

),

-- Of several decisions about one pair the latest stands.
ranked as (

    select
        *,
        row_number() over (
            partition by decision_type, doj_side, court_side, fault is null
            order by {{ latest_decision_first() }}
        ) as pair_rank
    from sides

),

-- A count is one count of the other file, and a defendant is one subject: of two that contradict, the latest stands.
standing as (

    select
        *,
        case
            when fault is null and pair_rank = 1 and verdict = 'same'
                then row_number() over (
                    partition by decision_type, court_side, fault is null and pair_rank = 1 and verdict = 'same'
                    order by {{ latest_decision_first() }}
                )
        end as court_side_rank,
        case
            when fault is null and pair_rank = 1 and verdict = 'same' and decision_type = 'count_link'
                then row_number() over (
                    partition by decision_type, doj_side, fault is null and pair_rank = 1 and verdict = 'same'
                    order by {{ latest_decision_first() }}
                )
        end as doj_side_rank
    from ranked

),

final as (

    select
        decision_key,
        decision_type,
        verdict,
        decision_date,
        doj_conviction_key,
        court_conviction_key,
        subject_key,
        case_defendant_key,
        case
            when fault is not null then fault
            when pair_rank > 1 or court_side_rank > 1 or doj_side_rank > 1 then 'replaced'
            else 'in_force'
        end as decision_status
    from standing

)

select * from final
