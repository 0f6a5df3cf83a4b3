-- Every question of identity that is open: a defendant without a subject, and each subject who may be that person.
with probable_pairs as (

    select * from {{ ref('int_identity__probable_pairs') }}
    where comparison <> 'same_person'

),

person_pairs as (

    select * from {{ ref('int_identity__person_pairs') }}

),

scored_pairs as (

    select * from {{ ref('int_linkage__scored_pairs') }}

),

person_links as (

    select * from {{ ref('int_identity__person_links') }}

),

review_queue as (

    select * from {{ ref('int_identity__review_queue') }}

),

doj_convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}
    where is_counted and is_county_cannabis

),

history_rows as (

    select * from {{ ref('int_criminal_history__rows') }}

),

build_context as (

    select * from {{ ref('stg_landing__build_context') }}

),

-- Once a defendant is linked to a subject, nothing about the defendant's person is open.
open_defendants as (

    select case_defendant_key from person_links
    where link_basis in ('own_case', 'own_cii_number')

),

-- Numbers that contradict a pair are usually right. Only if counts of the same case look like one conviction does a
-- person decide.
counts_alike as (

    select distinct
        doj_convictions.subject_key,
        court_convictions.case_defendant_key
    from review_queue
    inner join doj_convictions on review_queue.doj_conviction_key = doj_convictions.doj_conviction_key
    inner join court_convictions on review_queue.court_conviction_key = court_convictions.court_conviction_key
    where review_queue.reason in ('cii_differs', 'name_and_birth_date_differ')

),

contradicted as (

    select
        person_pairs.subject_key,
        person_pairs.case_defendant_key,
        person_pairs.comparison as reason,
        counts_alike.subject_key is not null as is_open_by_counts
    from person_pairs
    left join counts_alike
        on
            person_pairs.subject_key = counts_alike.subject_key
            and person_pairs.case_defendant_key = counts_alike.case_defendant_key
    where person_pairs.comparison in ('cii_differs', 'name_and_birth_date_differ')

),

reasons as (

    select
        probable_pairs.subject_key,
        probable_pairs.case_defendant_key,
        coalesce(contradicted.reason, probable_pairs.comparison) as reason
    from probable_pairs
    left join contradicted
        on
            probable_pairs.subject_key = contradicted.subject_key
            and probable_pairs.case_defendant_key = contradicted.case_defendant_key
    union
    select
        subject_key,
        case_defendant_key,
        reason
    from contradicted
    where is_open_by_counts
    union
    select
        person_pairs.subject_key,
        person_pairs.case_defendant_key,
        person_pairs.comparison as reason
    from person_pairs
    left join probable_pairs
        on
            person_pairs.subject_key = probable_pairs.subject_key
            and person_pairs.case_defendant_key = probable_pairs.case_defendant_key
    where
        person_pairs.comparison in ('several_persons', 'too_little_evidence')
        and probable_pairs.subject_key is null

),

-- What depends on the answer: whose conviction it is, and whether it is one of the subject's.
cannabis_of_defendants as (

    select
        court_convictions.case_defendant_key,
        count(*) as convictions
    from convictions
    inner join court_convictions on convictions.court_conviction_key = court_convictions.court_conviction_key
    where convictions.doj_conviction_key is null
    group by court_convictions.case_defendant_key

),

cannabis_of_subjects as (

    select
        person_key as subject_key,
        count(*) as convictions
    from convictions
    where court_conviction_key is null
    group by person_key

),

-- The row by which a decision names the subject: the first of a conviction, or else the first of any.
rows_of_subjects as (

    select
        history_rows.subject_key,
        first(
            history_rows.delivery_id
            order by doj_convictions.doj_conviction_key is null, history_rows.delivery_id, history_rows.row_no
        ) as delivery_id,
        first(
            history_rows.row_no
            order by doj_convictions.doj_conviction_key is null, history_rows.delivery_id, history_rows.row_no
        ) as row_no
    from history_rows
    left join doj_convictions
        on
            history_rows.delivery_id = doj_convictions.delivery_id
            and history_rows.row_no = doj_convictions.row_no
    group by history_rows.subject_key

),

final as (

    select
        reasons.subject_key,
        reasons.case_defendant_key,
        reasons.reason,
        case when cannabis_of_defendants.case_defendant_key is null then 2 else 1 end as priority,
        coalesce(cannabis_of_defendants.convictions, 0) as cannabis_convictions,
        coalesce(cannabis_of_subjects.convictions, 0) as subject_cannabis_convictions,
        count(*) over (partition by reasons.case_defendant_key) as possible_subjects,
        scored_pairs.match_weight,
        scored_pairs.match_probability,
        scored_pairs.agreements,
        rows_of_subjects.delivery_id,
        rows_of_subjects.row_no,
        build_context.is_synthetic
    from reasons
    inner join open_defendants on reasons.case_defendant_key = open_defendants.case_defendant_key
    cross join build_context
    left join scored_pairs
        on
            reasons.subject_key = scored_pairs.subject_key
            and reasons.case_defendant_key = scored_pairs.case_defendant_key
    left join cannabis_of_defendants on reasons.case_defendant_key = cannabis_of_defendants.case_defendant_key
    left join cannabis_of_subjects on reasons.subject_key = cannabis_of_subjects.subject_key
    left join rows_of_subjects on reasons.subject_key = rows_of_subjects.subject_key

)

select * from final
