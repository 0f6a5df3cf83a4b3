-- The section under which a Prop 64 charge is counted: the leftmost of the four, as in the published reports.
with charges as (

    select
        charge_text,
        code_section_text
    from {{ ref('int_charges__parsed') }}
    where is_prop_64

),

final as (

    select
        charge_text,
        coalesce(
            nullif(regexp_extract(code_section_text, '11357|11358|11359|11360'), ''),
            -- In `664-11359 HS`, the section is after the hyphen.
            nullif(regexp_extract(charge_text, '11357|11358|11359|11360'), '')
        ) as counted_section
    from charges

)

select * from final
