-- Distinct texts against each list: a match is looked for once per text, never once per conviction.
with charges as (

    select
        charge_text,
        code_section_text,
        upper(charge_text) as upper_charge_text
    from {{ ref('int_charges__parsed') }}

),

entries as (

    select
        *,
        -- A pattern from a column is compiled anew for each text: only texts with the section's digits are tried.
        case when kind = 'prop_64' then '113' else regexp_extract(section, '^[0-9]+') end as digits
    from {{ ref('offense_list_entries') }}
    where kind <> 'subdivision'

),

matches as (

    select
        charges.charge_text,
        entries.list_id,
        regexp_extract(charges.code_section_text, entries.pattern) as matched_text
    from charges
    inner join entries
        on
            entries.reads = 'code_section_text'
            and contains(charges.code_section_text, entries.digits)
            and regexp_matches(charges.code_section_text, entries.pattern)
            and (
                entries.companion_pattern is null
                or regexp_matches(charges.code_section_text, entries.companion_pattern)
            )
    union all
    select
        charges.charge_text,
        entries.list_id,
        regexp_extract(charges.upper_charge_text, entries.pattern) as matched_text
    from charges
    inner join entries
        on
            entries.reads = 'charge_text'
            and contains(charges.upper_charge_text, entries.digits)
            and regexp_matches(charges.upper_charge_text, entries.pattern)
            and (
                entries.companion_pattern is null
                or regexp_matches(charges.upper_charge_text, entries.companion_pattern)
            )

),

final as (

    select
        charge_text,
        list_id,
        min(matched_text) as matched_text
    from matches
    group by charge_text, list_id

)

select * from final
