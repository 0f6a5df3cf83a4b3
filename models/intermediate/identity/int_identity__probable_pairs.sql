-- For defendants whom no case or CII number links to a subject: the subject who is most likely the defendant.
with scored_pairs as (

    select * from {{ ref('int_linkage__scored_pairs') }}

),

person_pairs as (

    select * from {{ ref('int_identity__person_pairs') }}

),

decided as (

    select
        subject_key,
        case_defendant_key,
        min(verdict) as verdict
    from {{ ref('int_identity__decided_links') }}
    where decision_type = 'person_link' and decision_status = 'in_force' and verdict in ('same', 'different')
    group by subject_key, case_defendant_key

),

-- Defendants whose person is known by a decision or by the case number.
found as (

    select case_defendant_key from person_pairs
    where comparison = 'same_person'
    union
    select case_defendant_key from decided
    where verdict = 'same'

),

contradicted as (

    select distinct
        subject_key,
        case_defendant_key
    from person_pairs
    where comparison in ('cii_differs', 'name_and_birth_date_differ')

),

undecided as (

    select
        scored_pairs.*,
        contradicted.subject_key is not null as is_contradicted,
        -- Twins share surname and birth date, so without a common number a given name must agree.
        (
            scored_pairs.given_name_agreement = 'differs'
            or (scored_pairs.given_name_agreement = 'unknown' and scored_pairs.surname_agreement <> 'swapped')
        )
        and scored_pairs.cii_agreement <> 'same'
        and scored_pairs.case_number_agreement <> 'same' as is_given_name_different
    from scored_pairs
    left join found on scored_pairs.case_defendant_key = found.case_defendant_key
    left join decided
        on
            scored_pairs.subject_key = decided.subject_key
            and scored_pairs.case_defendant_key = decided.case_defendant_key
    left join contradicted
        on
            scored_pairs.subject_key = contradicted.subject_key
            and scored_pairs.case_defendant_key = contradicted.case_defendant_key
    where found.case_defendant_key is null and decided.verdict is null

),

ranked as (

    select
        *,
        row_number() over (
            partition by case_defendant_key order by match_weight desc, subject_key asc
        ) as subject_rank,
        lead(match_weight) over (
            partition by case_defendant_key order by match_weight desc, subject_key asc
        ) as next_weight
    from undecided

),

final as (

    select
        subject_key,
        case_defendant_key,
        match_weight,
        match_probability,
        case
            when is_contradicted then 'contradicted'
            when subject_rank > 1 then 'another_fits_better'
            when is_given_name_different then 'given_name_differs'
            when band = 'review' then 'too_little_evidence'
            -- The pair is same_person only if the next best subject is more than a hundred times less likely, or if
            -- there is no other.
            when coalesce(next_weight > match_weight - 7, false) then 'several_persons'
            else 'same_person'
        end as comparison
    from ranked
    where band in ('link', 'review')

)

select * from final
