with subjects as (

    select * from {{ ref('int_criminal_history__subjects') }}

),

identifiers as (

    select * from {{ ref('int_criminal_history__identifiers') }}
    where identifier_type in ('birth_date', 'cii')

),

doj_convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}

),

court_cases as (

    select * from {{ ref('int_court__cases') }}
    where not is_juvenile

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

charges as (

    select * from {{ ref('int_charges__comparable') }}

),

birth_dates_written as (

    select
        'ca_doj' as source,
        subject_key as record_key,
        substr(identifier_value, 1, 4)
        || '-'
        || substr(identifier_value, 5, 2)
        || '-'
        || substr(identifier_value, 7, 2) as birth_date_text
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

-- A birth date that cannot be true is not evidence of identity, in any column.
impossible_births as (

    select
        source,
        record_key,
        cast(recorded_date as varchar) as birth_date_text
    from {{ ref('int_convictions__impossible_dates') }}
    where fact = 'birth_date'

),

placeholders as (

    select cast(placeholder_date as varchar) as birth_date_text from {{ ref('placeholder_dates') }}

),

impossible_convictions as (

    select source_conviction_key from {{ ref('int_convictions__impossible_dates') }}
    where fact = 'conviction_date'

),

birth_dates_believed as (

    select birth_dates_written.*
    from birth_dates_written
    left join impossible_births
        on
            birth_dates_written.source = impossible_births.source
            and birth_dates_written.record_key = impossible_births.record_key
            and birth_dates_written.birth_date_text = impossible_births.birth_date_text
    left join placeholders on birth_dates_written.birth_date_text = placeholders.birth_date_text
    where impossible_births.record_key is null and placeholders.birth_date_text is null

),

birth_dates_read as (

    select
        source,
        record_key,
        birth_date_text,
        try_cast(birth_date_text as date) is not null and length(birth_date_text) = 10 as is_full,
        substr(birth_date_text, 1, 4) as birth_year,
        nullif(substr(birth_date_text, 6, 2), '') as birth_month,
        case
            when
                length(birth_date_text) = 10
                and substr(birth_date_text, 9, 2) <= '12'
                and substr(birth_date_text, 9, 2) <> substr(birth_date_text, 6, 2)
                then substr(birth_date_text, 1, 5) || substr(birth_date_text, 9, 2) || substr(birth_date_text, 5, 3)
        end as swapped_birth_date
    from birth_dates_believed
    where substr(birth_date_text, 1, 4) between '1880' and '2020'

),

birth_lists as (

    select
        source,
        record_key,
        list(birth_date_text order by birth_date_text) filter (where is_full) as birth_dates,
        -- The birth date with day and month exchanged.
        list(swapped_birth_date order by birth_date_text) filter (where is_full and swapped_birth_date is not null)
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

    -- A number that several subjects share is not used.
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
        case_number_read as case_number
    from doj_convictions
    union all
    select
        'la_court' as source,
        case_defendant_key as record_key,
        case_number
    from court_cases

),

numbered as (

    select
        source,
        record_key,
        case_number,
        {{ case_number_digits('case_number') }} as digits
    from case_numbers
    where case_number is not null

),

digits as (

    select
        source,
        record_key,
        digits
    from numbered
    where digits is not null
    union
    -- The two digits of the defendant may follow the six digits of the case without a hyphen, so eight digits are also
    -- compared without the last two.
    select
        source,
        record_key,
        left(digits, 6) as digits
    from numbered
    where regexp_matches(digits, '^[0-9]{8}$')

),

case_lists as (

    select
        source,
        record_key,
        list(case_number order by case_number) as case_numbers
    from numbered
    group by source, record_key

),

core_lists as (

    select
        source,
        record_key,
        list(digits order by digits) as case_cores
    from digits
    group by source, record_key

),

conviction_marks as (

    select distinct
        'ca_doj' as source,
        doj_convictions.subject_key as record_key,
        cast(doj_convictions.conviction_date as varchar)
        || ' '
        || charges.charge_identity
        || ' '
        || coalesce(doj_convictions.county_name, {{ evaluated_county() }}) as conviction_mark
    from doj_convictions
    inner join charges on doj_convictions.charge_text = charges.charge_text
    left join impossible_convictions
        on doj_convictions.doj_conviction_key = impossible_convictions.source_conviction_key
    where impossible_convictions.source_conviction_key is null
    union all
    select distinct
        'la_court' as source,
        court_convictions.case_defendant_key as record_key,
        cast(court_convictions.conviction_date as varchar)
        || ' '
        || charges.charge_identity
        || ' '
        || court_convictions.county_name as conviction_mark
    from court_convictions
    inner join charges on court_convictions.charge_text = charges.charge_text
    left join impossible_convictions
        on court_convictions.court_conviction_key = impossible_convictions.source_conviction_key
    where impossible_convictions.source_conviction_key is null

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
        cast(birth_date as varchar) as birth_date
    from subjects
    union all
    select
        'la_court' as source,
        case_defendant_key as record_key,
        sex_code,
        cast(birth_date as varchar) as birth_date
    from court_cases

),

final as (

    select
        record_keys.source,
        record_keys.record_key,
        case when record_keys.sex_code in ('M', 'F') then record_keys.sex_code end as sex_code,
        case when impossible_births.record_key is null then record_keys.birth_date end as birth_date,
        birth_lists.birth_dates,
        birth_lists.swapped_birth_dates,
        birth_lists.partial_birth_dates,
        birth_lists.birth_months,
        birth_lists.birth_years,
        cii_lists.cii_numbers,
        case_lists.case_numbers,
        core_lists.case_cores,
        conviction_lists.conviction_marks
    from record_keys
    left join impossible_births
        on record_keys.source = impossible_births.source and record_keys.record_key = impossible_births.record_key
    left join birth_lists
        on record_keys.source = birth_lists.source and record_keys.record_key = birth_lists.record_key
    left join cii_lists
        on record_keys.source = cii_lists.source and record_keys.record_key = cii_lists.record_key
    left join core_lists
        on record_keys.source = core_lists.source and record_keys.record_key = core_lists.record_key
    left join case_lists
        on record_keys.source = case_lists.source and record_keys.record_key = case_lists.record_key
    left join conviction_lists
        on record_keys.source = conviction_lists.source and record_keys.record_key = conviction_lists.record_key

)

select * from final
