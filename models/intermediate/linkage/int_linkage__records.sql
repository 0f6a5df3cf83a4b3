with names as (

    select * from {{ ref('int_linkage__names') }}

),

nicknames as (

    select * from {{ ref('nicknames') }}

),

subjects as (

    select * from {{ ref('int_criminal_history__subjects') }}

),

identifiers as (

    select * from {{ ref('int_criminal_history__identifiers') }}
    where identifier_type in ('birth_date', 'cii')

),

doj_convictions as (

    select * from {{ ref('int_criminal_history__convictions') }}
    where coalesce(county_name, 'LOS ANGELES') = 'LOS ANGELES'

),

court_cases as (

    select * from {{ ref('int_court__cases') }}
    where not is_juvenile

),

court_convictions as (

    select * from {{ ref('int_court__convictions') }}

),

charges as (

    select * from {{ ref('int_identity__charges') }}

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

-- BILL is known as BILL and as WILLIAM.
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

birth_dates_written as (

    select
        'ca_doj' as source,
        subject_key as record_key,
        substr(identifier_value, 1, 4) || '-' || substr(identifier_value, 5, 2) || '-' || substr(identifier_value, 7, 2)
            as birth_date_text
    from identifiers
    where identifier_type = 'birth_date' and regexp_matches(identifier_value, '^[0-9]{8}$')
    union
    select
        'la_court' as source,
        case_defendant_key as record_key,
        birth_date_raw as birth_date_text
    from court_cases
    where regexp_matches(birth_date_raw, '^[0-9]{4}(-[0-9]{2}){0,2}$')

),

birth_dates_read as (

    select
        source,
        record_key,
        birth_date_text,
        try_cast(birth_date_text as date) is not null and length(birth_date_text) = 10 as is_full,
        substr(birth_date_text, 1, 4) as birth_year,
        nullif(substr(birth_date_text, 6, 2), '') as birth_month,
        nullif(substr(birth_date_text, 9, 2), '') as birth_day
    from birth_dates_written
    where substr(birth_date_text, 1, 4) between '1880' and '2020'

),

birth_lists as (

    select
        source,
        record_key,
        list(birth_date_text order by birth_date_text) filter (where is_full) as birth_dates,
        -- The day and the month as they would be read the other way round.
        list(birth_year || '-' || birth_day || '-' || birth_month order by birth_date_text)
            filter (where is_full and birth_day <= '12' and birth_day <> birth_month)
            as swapped_birth_dates,
        list(
            distinct case
                when birth_month between '01' and '12' then birth_year || '-' || birth_month
                else birth_year
            end
        ) filter (where not is_full) as partial_birth_dates,
        list(distinct birth_year || '-' || birth_month) filter (where is_full) as birth_months,
        list(distinct birth_year order by birth_year) as birth_years
    from birth_dates_read
    group by source, record_key

),

cii_numbers as (

    -- A number that several subjects share is nobody's.
    select distinct
        'ca_doj' as source,
        subject_key as record_key,
        upper(identifier_value) as cii_number
    from identifiers
    where identifier_type = 'cii' and subjects_with_value = 1 and is_readable
    union
    select
        'la_court' as source,
        case_defendant_key as record_key,
        cii_number
    from court_cases
    where cii_number is not null

),

cii_lists as (

    select
        source,
        record_key,
        list(cii_number order by cii_number) as cii_numbers
    from cii_numbers
    group by source, record_key

),

case_numbers as (

    select distinct
        'ca_doj' as source,
        subject_key as record_key,
        {{ normalize_case_number('case_number_first') }} as case_number
    from doj_convictions
    union all
    select
        'la_court' as source,
        case_defendant_key as record_key,
        case_number
    from court_cases

),

case_lists as (

    select
        source,
        record_key,
        list(case_number order by case_number) as case_numbers,
        list(distinct regexp_extract(case_number, '[0-9]{5,}$')) filter (where regexp_matches(case_number, '[0-9]{5,}$'))
            as case_cores
    from case_numbers
    where case_number is not null
    group by source, record_key

),

conviction_marks as (

    select distinct
        'ca_doj' as source,
        doj_convictions.subject_key as record_key,
        cast(doj_convictions.conviction_date as varchar) || ' ' || charges.charge_identity as conviction_mark
    from doj_convictions
    inner join charges on doj_convictions.charge_text = charges.charge_text
    union all
    select distinct
        'la_court' as source,
        court_convictions.case_defendant_key as record_key,
        cast(court_convictions.conviction_date as varchar) || ' ' || charges.charge_identity as conviction_mark
    from court_convictions
    inner join charges on court_convictions.charge_text = charges.charge_text

),

conviction_lists as (

    select
        source,
        record_key,
        list(conviction_mark order by conviction_mark) as conviction_marks
    from conviction_marks
    where conviction_mark is not null
    group by source, record_key

),

record_keys as (

    select
        'ca_doj' as source,
        subject_key as record_key,
        upper(sex_code) as sex_code,
        subject_name as full_name,
        cast(birth_date as varchar) as birth_date
    from subjects
    union all
    select
        'la_court' as source,
        case_defendant_key as record_key,
        sex_code,
        defendant_name as full_name,
        cast(birth_date as varchar) as birth_date
    from court_cases

),

-- The name by which the file knows the record first: what term frequencies and spelling are compared by.
main_names as (

    select
        record_keys.source,
        record_keys.record_key,
        replace(
            {{ comparable_name("replace(split_part(strip_accents(record_keys.full_name), ',', 1), '''', '')") }}, ' ', ''
        ) as surname,
        split_part(
            {{ comparable_name("replace(split_part(strip_accents(record_keys.full_name), ',', 2), '''', '')") }}, ' ', 1
        ) as given_name
    from record_keys

),

joined as (

    select
        record_keys.source,
        record_keys.record_key,
        regexp_replace(main_names.surname, '(JR|SR|III|II|IV)$', '') as surname,
        nullif(main_names.given_name, '') as given_name,
        surname_lists.surnames,
        given_lists.given_forms,
        middle_lists.middle_names,
        suffixes.name_suffix,
        record_keys.birth_date,
        birth_lists.birth_dates,
        birth_lists.swapped_birth_dates,
        birth_lists.partial_birth_dates,
        birth_lists.birth_months,
        birth_lists.birth_years,
        case when record_keys.sex_code in ('M', 'F') then record_keys.sex_code end as sex_code,
        cii_lists.cii_numbers,
        case_lists.case_numbers,
        case_lists.case_cores,
        conviction_lists.conviction_marks
    from record_keys
    left join main_names
        on record_keys.source = main_names.source and record_keys.record_key = main_names.record_key
    {% for table in ['surname_lists', 'given_lists', 'middle_lists', 'suffixes', 'birth_lists', 'cii_lists', 'case_lists', 'conviction_lists'] %}
    left join {{ table }}
        on record_keys.source = {{ table }}.source and record_keys.record_key = {{ table }}.record_key
    {% endfor %}

),

final as (

    select
        joined.*,
        md5(concat_ws('|', {% for column in ['surname', 'given_name', 'surnames', 'given_forms', 'middle_names', 'name_suffix', 'birth_date', 'birth_dates', 'partial_birth_dates', 'sex_code', 'cii_numbers', 'case_numbers', 'conviction_marks'] %}coalesce(cast({{ column }} as varchar), '-'){{ ', ' if not loop.last }}{% endfor %})) as fingerprint
    from joined

)

select * from final
