-- Attorneys' decisions about links between the two files. The decisions are read before anything is linked, so that the
-- links follow the decisions.
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

named_people as (

    select * from {{ ref('int_identity__named_people') }}

),

names_given as (

    select * from {{ ref('int_identity__names_given') }}

),

held_numbers as (

    select * from {{ ref('int_identity__held_numbers') }}

),

doj_subjects as (

    select distinct {{ unpadded_number('subject_id') }} as subject_id
    from {{ ref('int_criminal_history__subject_keys') }}

),

record_rows as (

    select * from {{ ref('int_identity__record_rows') }}

),

doj_convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

-- If a decision names a count in two ways, by a row of a file and by numbers, both must mean the same count.
doj_sides as (

    select
        naming_key,
        bool_or(named_by = 'row') as is_named_by_row,
        min(doj_conviction_key) as doj_conviction_key,
        min(doj_conviction_key) = max(doj_conviction_key) as is_one
    from named_counts
    where doj_conviction_key is not null
    group by naming_key

),

court_sides as (

    select
        naming_key,
        bool_or(named_by = 'row') as is_named_by_row,
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
        coalesce(doj_convictions.subject_key, named_people.subject_key) as subject_key,
        coalesce(court_convictions.case_defendant_key, named_people.case_defendant_key) as case_defendant_key,
        {{ decision_status('decisions', 'true', 'verdicts.verdict is not null', 'deliveries.as_of_date') }} as reading,
        names_given.record is not null
        and (
            named_deliveries.delivery_id is null
            or names_given.named_row_no not between 1 and named_deliveries.records
        ) as is_record_unknown,
        doj_sides.naming_key is not null or named_people.subject_key is not null as has_doj_side,
        court_sides.naming_key is not null or named_people.case_defendant_key is not null as has_court_side,
        coalesce(
            names_given.subject_id, names_given.cii_number, names_given.count_order,
            case when named_deliveries.source = 'ca_doj' then names_given.record end
        ) is not null as is_doj_side_given,
        coalesce(
            names_given.case_number, names_given.count_number,
            case when named_deliveries.source = 'la_court' then names_given.record end
        ) is not null as is_court_side_given,
        case
            when
                -- NULL where a row names the subject: then the row is right.
                not (doj_sides.is_named_by_row or coalesce(court_sides.is_named_by_row, false))
                and {{ record_differs('record_rows', 'doj', 'court', 'named_deliveries') | indent(16) }}
                then 'record'
            else {{ differing_column(
                'names_given', 'doj', 'court',
                'coalesce(doj_sides.is_named_by_row, named_people.subject_key is not null) '
                ~ 'or doj_subjects.subject_id is not null'
            ) | indent(12) }}
        end as differing_column,
        not doj_sides.is_one
        or not coalesce(court_sides.is_one, named_people.is_one_defendant) as is_a_side_ambiguous
    from decisions
    left join verdicts
        on decisions.decision_type = verdicts.decision_type and decisions.verdict = verdicts.verdict
    left join deliveries on decisions.delivery_id = deliveries.delivery_id
    left join names_given on 'decision|' || decisions.decision_key = names_given.naming_key
    left join deliveries as named_deliveries on names_given.named_delivery_id = named_deliveries.delivery_id
    left join doj_sides on 'decision|' || decisions.decision_key = doj_sides.naming_key
    left join court_sides on 'decision|' || decisions.decision_key = court_sides.naming_key
    left join doj_convictions on doj_sides.doj_conviction_key = doj_convictions.doj_conviction_key
    left join court_convictions on court_sides.court_conviction_key = court_convictions.court_conviction_key
    left join named_people on 'decision|' || decisions.decision_key = named_people.naming_key
    left join held_numbers as doj
        on coalesce(doj_sides.doj_conviction_key, named_people.subject_key) = doj.held_key
    left join held_numbers as court
        on coalesce(court_sides.court_conviction_key, named_people.case_defendant_key) = court.held_key
    left join record_rows on names_given.naming_key = record_rows.naming_key
    left join doj_subjects on {{ unpadded_number('names_given.subject_id') }} = doj_subjects.subject_id

),

sides as (

    select
        *,
        coalesce(
            reading,
            case
                when is_record_unknown then 'record_unknown'
                when has_court_side and not has_doj_side and not is_doj_side_given then 'one_side_only'
                when has_doj_side and not has_court_side and not is_court_side_given then 'one_side_only'
                when not (has_doj_side and has_court_side) then 'no_conviction'
                when is_a_side_ambiguous then 'ambiguous'
                when differing_column is not null then 'names_differ'
            end
        ) as fault,
        case when decision_type = 'count_link' then doj_conviction_key else subject_key end as doj_side,
        case when decision_type = 'count_link' then court_conviction_key else case_defendant_key end as court_side
    from read

),

-- Only the latest of several decisions about one pair is in force.
ranked as (

    select
        *,
        row_number() over (
            partition by decision_type, doj_side, court_side, fault is null
            order by {{ latest_decision_first() }}
        ) as pair_rank
    from sides

),

-- A count has only one counterpart in the other file, and a defendant is only one subject. If two decisions contradict
-- this, the latest decision is in force.
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
        end as decision_status,
        coalesce(
            {{ decision_fault_column('fault') }},
            case
                when fault = 'record_unknown' then 'record'
                when fault = 'names_differ' then differing_column
            end
        ) as fault_column
    from standing

)

select * from final
