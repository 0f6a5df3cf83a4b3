with court_cases as (

    select * from {{ ref('int_court__cases') }}

),

-- Counts whose case is missing in the cases file still have a defendant.
court_convictions as (

    select distinct case_defendant_key from {{ ref('int_convictions__court') }}

),

subjects as (

    select * from {{ ref('int_criminal_history__subjects') }}

),

history_rows as (

    select distinct cii_number from {{ ref('stg_ca_doj__criminal_history_rows') }}
    where cii_number is not null

),

same_person as (

    select * from {{ ref('int_identity__person_pairs') }}
    where comparison = 'same_person'

),

probable as (

    select * from {{ ref('int_identity__probable_pairs') }}
    where comparison = 'same_person'

),

scored_pairs as (

    select * from {{ ref('int_linkage__scored_pairs') }}

),

-- An attorney decided that the defendant is not this subject, whatever the CII number.
decided_different as (

    select distinct
        subject_key,
        case_defendant_key
    from {{ ref('int_identity__decided_links') }}
    where decision_type = 'person_link' and decision_status = 'in_force' and verdict = 'different'

),

defendants as (

    select
        coalesce(court_cases.case_defendant_key, court_convictions.case_defendant_key) as case_defendant_key,
        court_cases.cii_number
    from court_cases
    full outer join court_convictions on court_cases.case_defendant_key = court_convictions.case_defendant_key

),

subjects_by_cii as (

    select
        cii_number,
        subject_key
    from subjects
    where cii_number is not null

),

-- If a defendant's case belongs to exactly one subject, the CII number that the court gives the defendant belongs to
-- that subject too.
subjects_by_case as (

    select
        defendants.cii_number,
        max(same_person.subject_key) as subject_key
    from same_person
    inner join defendants on same_person.case_defendant_key = defendants.case_defendant_key
    left join subjects_by_cii on defendants.cii_number = subjects_by_cii.cii_number
    where defendants.cii_number is not null and subjects_by_cii.cii_number is null
    group by defendants.cii_number
    having count(distinct same_person.subject_key) = 1

),

-- CII numbers of the DOJ's file that do not identify exactly one person.
ambiguous_cii_numbers as (

    select history_rows.cii_number
    from history_rows
    left join subjects_by_cii on history_rows.cii_number = subjects_by_cii.cii_number
    where subjects_by_cii.cii_number is null

),

candidates as (

    select
        defendants.case_defendant_key,
        defendants.cii_number,
        same_person.subject_key as same_subject_key,
        same_person.is_decided,
        coalesce(subjects_by_cii.subject_key, subjects_by_case.subject_key) as cii_subject_key,
        subjects_by_cii.subject_key is not null as is_cii_of_subject,
        ambiguous_cii_numbers.cii_number is not null as is_cii_ambiguous,
        probable.subject_key as probable_subject_key
    from defendants
    left join same_person on defendants.case_defendant_key = same_person.case_defendant_key
    left join subjects_by_cii on defendants.cii_number = subjects_by_cii.cii_number
    left join subjects_by_case on defendants.cii_number = subjects_by_case.cii_number
    left join ambiguous_cii_numbers on defendants.cii_number = ambiguous_cii_numbers.cii_number
    left join probable on defendants.case_defendant_key = probable.case_defendant_key

),

checked as (

    select
        candidates.* exclude (cii_subject_key),
        case
            when
                decided_different.subject_key is null
                and (scored_pairs.band in ('link', 'review') or not candidates.is_cii_of_subject)
                then candidates.cii_subject_key
        end as cii_subject_key,
        -- True where the CII number belongs to somebody else, so that it does not identify this defendant.
        decided_different.subject_key is not null
        or candidates.is_cii_ambiguous
        or (candidates.is_cii_of_subject and coalesce(scored_pairs.band, 'below') = 'below') as is_cii_useless
    from candidates
    left join decided_different
        on
            candidates.case_defendant_key = decided_different.case_defendant_key
            and candidates.cii_subject_key = decided_different.subject_key
    left join scored_pairs
        on
            candidates.case_defendant_key = scored_pairs.case_defendant_key
            and candidates.cii_subject_key = scored_pairs.subject_key

),

final as (

    select
        case_defendant_key,
        coalesce(
            same_subject_key,
            cii_subject_key,
            probable_subject_key,
            case when not is_cii_useless then 'court-cii:' || cii_number end,
            'court-case:' || case_defendant_key
        ) as person_key,
        case
            when same_subject_key is not null and is_decided then 'review_decision'
            when same_subject_key is not null then 'case_number'
            when cii_subject_key is not null and is_cii_of_subject then 'cii_number'
            when cii_subject_key is not null then 'cii_number_of_linked_case'
            when probable_subject_key is not null then 'probable'
            when cii_number is not null and not is_cii_useless then 'own_cii_number'
            else 'own_case'
        end as link_basis
    from checked

)

select * from final
