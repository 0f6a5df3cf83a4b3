with charges as (

    select charge_text from {{ ref('int_charges__parsed') }}

),

cited as (

    select
        charge_text,
        position,
        number,
        array_to_string(subdivisions, '') as subdivisions,
        code
    from {{ ref('int_charges__citations') }}

),

sections as (

    select
        charge_text,
        upper(max_by(code, position)) as code_type,
        string_agg(distinct number, '/' order by number) as section_numbers,
        nullif(string_agg(nullif(subdivisions, ''), '/' order by position), '') as subdivisions
    from cited
    group by charge_text

),

final as (

    select
        charges.charge_text,
        sections.code_type,
        sections.section_numbers,
        sections.subdivisions
    from charges
    left join sections on charges.charge_text = sections.charge_text

)

select * from final
