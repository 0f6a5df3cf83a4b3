-- A decision about people may name a person who has no conviction in a file: a subject by a row of the DOJ's file, and
-- a defendant by case and defendant number without a count.
with people_links as (

    select 'decision|' || decision_key as naming_key
    from {{ ref('stg_review_decisions__decisions') }}
    where decision_type = 'person_link'

),

names as (

    select names_given.*
    from {{ ref('int_identity__names_given') }} as names_given
    inner join people_links on names_given.naming_key = people_links.naming_key

),

history_rows as (

    select * from {{ ref('int_criminal_history__rows') }}

),

court_cases as (

    select * from {{ ref('int_court__cases') }}

),

subjects as (

    select
        names.naming_key,
        history_rows.subject_key
    from names
    inner join history_rows
        on names.named_delivery_id = history_rows.delivery_id and names.named_row_no = history_rows.row_no

),

possible_defendants as (

    select
        names.naming_key,
        court_cases.case_defendant_key,
        coalesce(names.defendant_number, '') = coalesce(court_cases.defendant_number, '') as is_number_equal
    from names
    inner join court_cases on names.case_number = court_cases.case_number
    where
        names.count_number is null
        and (
            names.defendant_number is null
            or court_cases.defendant_number is null
            or names.defendant_number = court_cases.defendant_number
        )

),

-- A defendant without a number is named by leaving the number out, also where the case has defendants with numbers.
defendants as (

    select
        naming_key,
        case_defendant_key
    from possible_defendants
    qualify is_number_equal or not bool_or(is_number_equal) over (partition by naming_key)

),

final as (

    select
        names.naming_key,
        any_value(subjects.subject_key) as subject_key,
        min(defendants.case_defendant_key) as case_defendant_key,
        min(defendants.case_defendant_key) = max(defendants.case_defendant_key) as is_one_defendant
    from names
    left join subjects on names.naming_key = subjects.naming_key
    left join defendants on names.naming_key = defendants.naming_key
    where subjects.subject_key is not null or defendants.case_defendant_key is not null
    group by names.naming_key

)

select * from final
