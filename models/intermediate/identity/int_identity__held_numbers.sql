-- The numbers by which the files identify each conviction and each person, to be compared with the numbers in rows of
-- other files.
with doj_convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}

),

subject_keys as (

    select * from {{ ref('int_criminal_history__subject_keys') }}

),

subjects as (

    select * from {{ ref('int_criminal_history__subjects') }}

),

court_cases as (

    select * from {{ ref('int_court__cases') }}

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

-- A person may have several SUBJECT_IDs, one per file.
plain_subject_ids as (

    select distinct
        subject_key,
        {{ unpadded_number('subject_id') }} as subject_id
    from subject_keys
    where subject_id <> ''

),

subject_ids as (

    select
        subject_key,
        min(subject_id) as subject_id,
        ';' || string_agg(subject_id, ';' order by subject_id) || ';' as subject_ids
    from plain_subject_ids
    group by subject_key

),

-- The DOJ's step of a count may have several case numbers.
written_case_numbers as (

    select
        doj_conviction_key,
        case_number_first as written_number
    from doj_convictions
    where case_number_first is not null
    union all
    select
        doj_conviction_key,
        unnest(string_split(case_number, ';')) as written_number
    from doj_convictions
    where case_number <> case_number_first

),

-- Case numbers are read in the same way as in events and decisions: by the rule of the evaluated county's court.
read_case_numbers as (

    {{ with_case_numbers('written_case_numbers', 'written_number', county=evaluated_county()) }}

),

plain_case_numbers as (

    select distinct
        doj_conviction_key,
        case_number_read as case_number
    from read_case_numbers

),

case_numbers as (

    select
        doj_conviction_key,
        ';' || string_agg(case_number, ';' order by case_number) || ';' as case_numbers
    from plain_case_numbers
    group by doj_conviction_key

),

final as (

    select
        doj_convictions.doj_conviction_key as held_key,
        doj_convictions.subject_id,
        subject_ids.subject_ids,
        doj_convictions.cii_number,
        doj_convictions.cnt_order as count_order,
        case_numbers.case_numbers,
        doj_convictions.defendant_number_read as defendant_number,
        cast(null as varchar) as count_number
    from doj_convictions
    left join subject_ids on doj_convictions.subject_key = subject_ids.subject_key
    left join case_numbers on doj_convictions.doj_conviction_key = case_numbers.doj_conviction_key
    union all
    select
        court_conviction_key as held_key,
        cast(null as varchar) as subject_id,
        cast(null as varchar) as subject_ids,
        cii_number,
        cast(null as varchar) as count_order,
        ';' || case_number || ';' as case_numbers,
        defendant_number,
        file_count_number as count_number
    from court_convictions
    union all
    select
        subjects.subject_key as held_key,
        subject_ids.subject_id,
        subject_ids.subject_ids,
        subjects.cii_number,
        cast(null as varchar) as count_order,
        cast(null as varchar) as case_numbers,
        cast(null as varchar) as defendant_number,
        cast(null as varchar) as count_number
    from subjects
    left join subject_ids on subjects.subject_key = subject_ids.subject_key
    union all
    select
        case_defendant_key as held_key,
        cast(null as varchar) as subject_id,
        cast(null as varchar) as subject_ids,
        cii_number,
        cast(null as varchar) as count_order,
        ';' || case_number || ';' as case_numbers,
        defendant_number,
        cast(null as varchar) as count_number
    from court_cases

)

select * from final
