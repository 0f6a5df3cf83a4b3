{% set columns = {
    'pri_dob': 'birth_date', 'req_dob': 'birth_date', 'cii_number': 'cii', 'req_cii_number': 'cii', 'fbi_number': 'fbi',
    'pri_ssn': 'ssn', 'req_ssn': 'ssn', 'pri_cdl': 'cdl', 'req_cdl': 'cdl', 'pri_idn': 'idn', 'pri_inn': 'inn',
} %}

with identifiers as (

    select * from {{ ref('stg_ca_doj__subject_identifiers') }}

),

subject_keys as (

    select * from {{ ref('int_criminal_history__subject_keys') }}

),

-- Most rows of a subject repeat the same identifiers, so each combination is read once, then column by column.
combinations as (

    select
        delivery_id,
        subject_id,
        {{ columns | join(', ') }},
        min(row_no) as first_row_no,
        max(row_no) as last_row_no,
        count(*) as row_count
    from identifiers
    group by delivery_id, subject_id, {{ columns | join(', ') }}

),

identifier_values as (

    {% for column, identifier_type in columns.items() %}
    select
        delivery_id,
        subject_id,
        '{{ identifier_type }}' as identifier_type,
        '{{ column }}' as source_column,
        {{ column }} as identifier_value,
        first_row_no,
        last_row_no,
        row_count
    from combinations
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

keyed as (

    select
        identifier_values.*,
        subject_keys.subject_key,
        subject_keys.delivery_rank
    from identifier_values
    inner join subject_keys
        on
            identifier_values.delivery_id = subject_keys.delivery_id
            and identifier_values.subject_id = subject_keys.subject_id

),

holders as (

    select
        identifier_type,
        identifier_value,
        count(distinct subject_key) as subjects_with_value
    from keyed
    group by identifier_type, identifier_value

),

final as (

    select
        keyed.subject_key,
        keyed.identifier_type,
        keyed.source_column,
        keyed.identifier_value,
        case keyed.identifier_type
            when 'birth_date' then {{ parse_yyyymmdd('keyed.identifier_value') }} is not null
            when 'cii' then regexp_matches(keyed.identifier_value, '[0-9]{5}')
            when 'ssn' then regexp_matches(replace(keyed.identifier_value, '-', ''), '^[0-9]{9}$')
        end as is_readable,
        first(keyed.delivery_id order by keyed.delivery_rank desc, keyed.first_row_no asc) as first_delivery_id,
        first(keyed.first_row_no order by keyed.delivery_rank desc, keyed.first_row_no asc) as first_row_no,
        first(keyed.delivery_id order by keyed.delivery_rank asc, keyed.last_row_no desc) as last_delivery_id,
        first(keyed.last_row_no order by keyed.delivery_rank asc, keyed.last_row_no desc) as last_row_no,
        sum(keyed.row_count) as row_count,
        max(holders.subjects_with_value) as subjects_with_value
    from keyed
    inner join holders
        on keyed.identifier_type = holders.identifier_type and keyed.identifier_value = holders.identifier_value
    group by keyed.subject_key, keyed.identifier_type, keyed.source_column, keyed.identifier_value

)

select * from final
