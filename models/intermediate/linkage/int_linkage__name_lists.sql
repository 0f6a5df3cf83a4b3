with names as (

    select * from {{ ref('int_linkage__names') }}

),

nicknames as (

    select * from {{ ref('nicknames') }}

),

subjects as (

    select * from {{ ref('int_criminal_history__subjects') }}

),

court_cases as (

    select * from {{ ref('int_court__cases') }}
    where not is_juvenile

),

surnames as (

    select
        source,
        record_key,
        surname
    from names
    where length(surname) >= 2
    union
    select
        source,
        record_key,
        unnest(surname_parts) as surname
    from names

),

surname_lists as (

    select
        source,
        record_key,
        list(surname order by surname) as surnames
    from surnames
    group by source, record_key

),

given_names as (

    select distinct
        source,
        record_key,
        given_name
    from names
    where given_name is not null

),

-- A nickname also counts as the full name: BILL counts as BILL and as WILLIAM.
given_forms as (

    select
        source,
        record_key,
        given_name as given_form
    from given_names
    union
    select
        given_names.source,
        given_names.record_key,
        nicknames.given_name as given_form
    from given_names
    inner join nicknames on given_names.given_name = nicknames.nickname

),

given_lists as (

    select
        source,
        record_key,
        list(given_form order by given_form) as given_forms
    from given_forms
    group by source, record_key

),

middle_lists as (

    select
        source,
        record_key,
        list(distinct middle_name order by middle_name) as middle_names
    from names
    where middle_name is not null
    group by source, record_key

),

suffixes as (

    select
        source,
        record_key,
        max(name_suffix) as name_suffix
    from names
    group by source, record_key
    having count(distinct name_suffix) = 1

),

record_names as (

    select
        'ca_doj' as source,
        subject_key as record_key,
        upper(strip_accents(replace(subject_name, '''', ''))) as full_name
    from subjects
    union all
    select
        'la_court' as source,
        case_defendant_key as record_key,
        upper(strip_accents(replace(defendant_name, '''', ''))) as full_name
    from court_cases

),

-- The first name in the list of the file; frequency and spelling are compared only for this name.
main_names as (

    select
        source,
        record_key,
        regexp_replace(
            replace({{ comparable_name("split_part(full_name, ',', 1)") }}, ' ', ''), '(JR|SR|III|II|IV)$', ''
        ) as surname,
        nullif(split_part({{ comparable_name("split_part(full_name, ',', 2)") }}, ' ', 1), '') as given_name
    from record_names

),

final as (

    select
        main_names.*,
        surname_lists.surnames,
        given_lists.given_forms,
        middle_lists.middle_names,
        suffixes.name_suffix
    from main_names
    left join surname_lists
        on main_names.source = surname_lists.source and main_names.record_key = surname_lists.record_key
    left join given_lists
        on main_names.source = given_lists.source and main_names.record_key = given_lists.record_key
    left join middle_lists
        on main_names.source = middle_lists.source and main_names.record_key = middle_lists.record_key
    left join suffixes
        on main_names.source = suffixes.source and main_names.record_key = suffixes.record_key

)

select * from final
