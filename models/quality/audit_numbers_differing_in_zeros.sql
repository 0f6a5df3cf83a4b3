-- Spreadsheets drop leading zeros, so two spellings may be one number or two. This project never guesses that they are
-- one number.
with doj_rows as (

    select
        delivery_id,
        row_no,
        subject_id,
        cii_number,
        count_order,
        ofn
    from {{ ref('stg_ca_doj__criminal_history_rows') }}

),

court_cases as (

    select
        delivery_id,
        row_no,
        case_number,
        cii_number
    from {{ ref('stg_la_court__cases') }}

),

-- One row per spelling and delivery. CNT_ORDER values are compared only within one subject.
spellings as (

    {% for number_kind, source, relation, number, scope in [
        ('subject_id', 'ca_doj', 'doj_rows', 'subject_id', "''"),
        ('cii_number', 'ca_doj', 'doj_rows', 'cii_number', "''"),
        ('cnt_order', 'ca_doj', 'doj_rows', 'count_order', without_leading_zeros('subject_id')),
        ('case_number', 'ca_doj', 'doj_rows', 'ofn', "''"),
        ('case_number', 'la_court', 'court_cases', 'case_number', "''"),
        ('cii_number', 'la_court', 'court_cases', 'cii_number', "''"),
    ] %}
    select
        '{{ number_kind }}' as number_kind,
        '{{ source }}' as source,
        delivery_id,
        {{ scope }} as number_scope,
        upper({{ number }}) as spelling,
        min(row_no) as row_no,
        count(*) as rows
    from {{ relation }}
    where {{ number }} <> ''
    group by delivery_id, {{ scope }}, upper({{ number }})
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

numbers as (

    select
        *,
        {{ without_leading_zeros('spelling') }} as number_without_zeros
    from spellings

),

several as (

    select
        number_kind,
        number_scope,
        number_without_zeros,
        count(distinct spelling) as spellings
    from numbers
    group by number_kind, number_scope, number_without_zeros
    having count(distinct spelling) > 1

),

final as (

    select
        numbers.number_kind,
        numbers.source,
        numbers.delivery_id,
        numbers.row_no,
        numbers.rows,
        several.spellings,
        'number_differs_in_zeros' as finding
    from numbers
    inner join several
        on
            numbers.number_kind = several.number_kind
            and numbers.number_scope = several.number_scope
            and numbers.number_without_zeros = several.number_without_zeros

)

select * from final
