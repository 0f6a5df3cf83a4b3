-- Every name of a record, split into parts.
with doj_names as (

    select
        subject_key as record_key,
        subject_name as full_name
    from {{ ref('int_criminal_history__names') }}

),

court_cases as (

    select * from {{ ref('int_court__cases') }}
    where not is_juvenile

),

court_names as (

    select
        case_defendant_key as record_key,
        defendant_name as full_name
    from court_cases
    union all
    select
        case_defendant_key as record_key,
        unnest(string_split(alias_names, ';')) as full_name
    from court_cases
    where alias_names is not null

),

written as (

    select distinct
        'ca_doj' as source,
        record_key,
        upper(strip_accents(trim(full_name))) as full_name
    from doj_names
    union all
    select distinct
        'la_court' as source,
        record_key,
        upper(strip_accents(trim(full_name))) as full_name
    from court_names

),

-- Names are written LAST,FIRST MIDDLE; in a name without a comma, the last word is the surname.
parted as (

    select
        source,
        record_key,
        case
            when position(',' in full_name) > 0 then split_part(full_name, ',', 1)
            else regexp_extract(full_name, '[^ ]+$')
        end as surname_text,
        case
            when position(',' in full_name) > 0
                then replace(substr(full_name, position(',' in full_name) + 1), ',', ' ')
            else regexp_replace(full_name, ' *[^ ]+$', '')
        end as given_text,
        full_name
    from written
    where full_name <> ''

),

words as (

    select
        source,
        record_key,
        nullif(regexp_extract(full_name, '[ ,](JR|SR|II|III|IV)[.]?( |,|$)', 1), '') as name_suffix,
        -- O'NEIL counts as one word, GARCIA-LOPEZ as two words.
        trim(
            regexp_replace(
                regexp_replace(' ' || replace(surname_text, '''', '') || ' ', '[^A-Z]+', ' ', 'g'),
                ' (JR|SR|II|III|IV) ', ' '
            )
        ) as surname_words,
        trim(
            regexp_replace(
                regexp_replace(' ' || replace(given_text, '''', '') || ' ', '[^A-Z]+', ' ', 'g'),
                ' (JR|SR|II|III|IV) ', ' '
            )
        ) as given_words
    from parted

),

final as (

    select
        source,
        record_key,
        name_suffix,
        nullif(replace(surname_words, ' ', ''), '') as surname,
        -- The parts of a double surname, without small words such as DEL or VAN.
        list_filter(
            string_split(surname_words, ' '),
            lambda word: length(word) >= 3
            and word not in ('DEL', 'LAS', 'LOS', 'VAN', 'VON', 'DER', 'DEN', 'SAN', 'MAC')
        ) as surname_parts,
        nullif(split_part(given_words, ' ', 1), '') as given_name,
        nullif(split_part(given_words, ' ', 2), '') as middle_name
    from words

)

select * from final
