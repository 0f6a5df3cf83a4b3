-- Distinct texts against each list: a match is looked for once per text, never once per conviction.
with charges as (

    select
        charge_text,
        code_section_text
    from {{ ref('int_charges__parsed') }}

),

entries as (

    select * from {{ ref('offense_list_entries') }}

),

final as (

    select
        charges.charge_text,
        entries.list_id,
        min(regexp_extract(charges.code_section_text, entries.pattern)) as matched_text
    from charges
    inner join entries
        on
            regexp_matches(charges.code_section_text, entries.pattern)
            and (
                entries.companion_pattern is null
                or regexp_matches(charges.code_section_text, entries.companion_pattern)
            )
    group by charges.charge_text, entries.list_id

)

select * from final
