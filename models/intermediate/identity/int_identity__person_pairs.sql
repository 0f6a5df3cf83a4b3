with doj_convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}

),

impossible_births as (

    select
        source,
        record_key
    from {{ ref('int_convictions__impossible_dates') }}
    where fact = 'birth_date'

),

-- A birth date that cannot be true is not compared with another birth date.
subjects as (

    select
        subjects.* exclude (birth_date),
        case when impossible_births.record_key is null then subjects.birth_date end as birth_date
    from {{ ref('int_criminal_history__subjects') }} as subjects
    left join impossible_births
        on impossible_births.source = 'ca_doj' and subjects.subject_key = impossible_births.record_key

),

court_cases as (

    select
        cases.* exclude (birth_date),
        case when impossible_births.record_key is null then cases.birth_date end as birth_date
    from {{ ref('int_court__cases') }} as cases
    left join impossible_births
        on impossible_births.source = 'la_court' and cases.case_defendant_key = impossible_births.record_key
    where not cases.is_juvenile

),

-- A decision by an attorney overrides the files.
decided as (

    select
        subject_key,
        case_defendant_key,
        min(verdict) as verdict
    from {{ ref('int_identity__decided_links') }}
    where decision_type = 'person_link' and decision_status = 'in_force' and verdict in ('same', 'different')
    group by subject_key, case_defendant_key

),

decided_defendants as (

    select distinct case_defendant_key from decided
    where verdict = 'same'

),

scored_pairs as (

    select * from {{ ref('int_linkage__scored_pairs') }}

),

doj_cases as (

    select distinct
        subject_key,
        -- Case numbers of other counties have the name of the county in front, so that they match no case number of
        -- this county.
        case_number_read as case_number,
        defendant_number_read as defendant_number
    from doj_convictions

),

doj_persons as (

    select
        doj_cases.subject_key,
        doj_cases.case_number,
        -- If a person has one case number with two defendant suffixes, neither suffix is used.
        case when count(distinct doj_cases.defendant_number) = 1 then max(doj_cases.defendant_number) end
            as defendant_number,
        max(subjects.cii_number) as cii_number,
        max(subjects.birth_date) as birth_date,
        max({{ comparable_name("split_part(subjects.subject_name, ',', 1)") }}) as surname,
        max(split_part({{ comparable_name("split_part(subjects.subject_name, ',', 2)") }}, ' ', 1)) as given_name
    from doj_cases
    inner join subjects on doj_cases.subject_key = subjects.subject_key
    where doj_cases.case_number is not null
    group by doj_cases.subject_key, doj_cases.case_number

),

court_persons as (

    select
        case_defendant_key,
        case_number,
        defendant_number,
        cii_number,
        birth_date,
        {{ comparable_name("split_part(defendant_name, ',', 1)") }} as surname,
        split_part({{ comparable_name("split_part(defendant_name, ',', 2)") }}, ' ', 1) as given_name,
        ' ' || {{ comparable_name("concat_ws(' ', defendant_name, alias_names)") }} || ' ' as names
    from court_cases

),

compared as (

    select
        doj_persons.subject_key,
        court_persons.case_defendant_key,
        doj_persons.case_number,
        coalesce(doj_persons.cii_number = court_persons.cii_number, false) as is_cii_equal,
        coalesce(doj_persons.cii_number <> court_persons.cii_number, false) as is_cii_different,
        coalesce(doj_persons.birth_date = court_persons.birth_date, false) as is_birth_date_equal,
        coalesce(
            doj_persons.surname = court_persons.surname and doj_persons.given_name = court_persons.given_name, false
        )
            as is_name_equal,
        -- "Different" is stricter than "not equal", because a transposed birth date or an alias does not make another
        -- person.
        coalesce(
            date_part('year', doj_persons.birth_date) <> date_part('year', court_persons.birth_date)
            and (
                date_part('month', doj_persons.birth_date) <> date_part('month', court_persons.birth_date)
                or date_part('day', doj_persons.birth_date) <> date_part('day', court_persons.birth_date)
            ),
            false
        ) as is_birth_date_different,
        coalesce(
            position(' ' || doj_persons.surname || ' ' in court_persons.names) = 0
            and position(' ' || doj_persons.given_name || ' ' in court_persons.names) = 0,
            false
        ) as is_name_different,
        coalesce(scored_pairs.cii_agreement = 'one_digit', false) as is_cii_a_digit_off,
        coalesce(scored_pairs.band = 'link', false) as is_probable,
        scored_pairs.match_weight
    from doj_persons
    inner join court_persons on doj_persons.case_number = court_persons.case_number
    left join scored_pairs
        on
            doj_persons.subject_key = scored_pairs.subject_key
            and court_persons.case_defendant_key = scored_pairs.case_defendant_key
    where
        coalesce(doj_persons.defendant_number, court_persons.defendant_number, '')
        = coalesce(court_persons.defendant_number, doj_persons.defendant_number, '')

),

-- The highest match weight that any subject has for the defendant, whatever the case number.
best_weights as (

    select
        case_defendant_key,
        max(match_weight) filter (where band = 'link') as best_weight
    from scored_pairs
    group by case_defendant_key

),

scored as (

    select
        compared.*,
        -- A difference of one digit is a typing error where the case number and everything else point to one person.
        compared.is_cii_different
        and not (compared.is_cii_a_digit_off and compared.is_probable)
            as is_cii_contradicted,
        not compared.is_cii_equal and compared.is_birth_date_different and compared.is_name_different
            as is_person_contradicted,
        cast(compared.is_cii_equal as integer) * 4
        + cast(compared.is_birth_date_equal as integer) * 2
        + cast(compared.is_name_equal as integer) as evidence,
        -- If another subject is a hundred times likelier, the case number was probably written down wrong.
        coalesce(best_weights.best_weight >= coalesce(compared.match_weight, 0) + 7, false) as is_another_likelier
    from compared
    left join best_weights on compared.case_defendant_key = best_weights.case_defendant_key

),

best as (

    select
        scored.subject_key,
        scored.case_defendant_key,
        scored.evidence = max(scored.evidence) over (partition by scored.subject_key, scored.case_number)
        and scored.evidence = max(scored.evidence) over (partition by scored.case_defendant_key) as is_best
    from scored
    left join decided
        on scored.subject_key = decided.subject_key and scored.case_defendant_key = decided.case_defendant_key
    left join decided_defendants on scored.case_defendant_key = decided_defendants.case_defendant_key
    where
        not scored.is_cii_contradicted
        and not scored.is_person_contradicted
        and not scored.is_another_likelier
        and decided.verdict is null and decided_defendants.case_defendant_key is null

),

rivals as (

    select
        subject_key,
        case_defendant_key,
        count(*) over (partition by subject_key, split_part(case_defendant_key, '|', 1)) as defendants_of_subject,
        count(*) over (partition by case_defendant_key) as subjects_of_defendant
    from best
    where is_best

),

compared_pairs as (

    select
        scored.subject_key,
        scored.case_defendant_key,
        scored.case_number,
        scored.evidence,
        case
            when decided.verdict = 'same' then 'same_person'
            when decided.verdict = 'different' then 'decided_different'
            when decided_defendants.case_defendant_key is not null then 'another_fits_better'
            when scored.is_cii_contradicted then 'cii_differs'
            when scored.is_person_contradicted then 'name_and_birth_date_differ'
            when rivals.subject_key is null then 'another_fits_better'
            when rivals.defendants_of_subject > 1 or rivals.subjects_of_defendant > 1 then 'several_persons'
            -- Only the case number agrees, and the name or the birth date differs.
            when
                scored.evidence = 0
                and (scored.is_name_different or scored.is_birth_date_different)
                and not scored.is_probable
                then 'too_little_evidence'
            else 'same_person'
        end as comparison,
        decided.verdict is not null as is_decided
    from scored
    left join decided
        on scored.subject_key = decided.subject_key and scored.case_defendant_key = decided.case_defendant_key
    left join decided_defendants on scored.case_defendant_key = decided_defendants.case_defendant_key
    left join
        rivals
        on scored.subject_key = rivals.subject_key and scored.case_defendant_key = rivals.case_defendant_key

),

final as (

    select * from compared_pairs
    union all
    -- Pairs that are one person by an attorney's decision, although the case number is not in the DOJ's file.
    select
        decided.subject_key,
        decided.case_defendant_key,
        split_part(decided.case_defendant_key, '|', 1) as case_number,
        0 as evidence,
        'same_person' as comparison,
        true as is_decided
    from decided
    left join compared_pairs
        on
            decided.subject_key = compared_pairs.subject_key
            and decided.case_defendant_key = compared_pairs.case_defendant_key
    where decided.verdict = 'same' and compared_pairs.subject_key is null

)

select * from final
