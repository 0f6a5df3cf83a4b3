-- Charges that the older tool interprets differently from us, with the defects that cause the difference.
with charges as (

    select * from {{ ref('int_charges__parsed') }}

),

older_tool as (

    select
        charge_text,
        matched_text as section
    from {{ ref('int_charges__list_matches') }}
    where list_id = 'cmr_2019_prop_64'

),

final as (

    select
        charges.charge_text,
        older_tool.section is not null as is_prop_64,
        older_tool.section,
        charges.code_section_text like '%11357%' as names_11357,
        charges.code_section_text like '%11358%' as names_11358,
        charges.code_section_text like '%11359%' as names_11359,
        charges.code_section_text like '%11360%' as names_11360,
        not charges.is_prop_64 as is_look_alike,
        charges.is_prop_64 and (charges.is_two_sections or charges.is_not_understood) as is_two_sections,
        charges.is_prop_64 and charges.is_attempt_lost as is_attempt_lost,
        charges.is_prop_64 and charges.is_attempt and not charges.is_attempt_lost as is_attempt_ignored,
        charges.is_prop_64 and charges.is_conspiracy as is_conspiracy
    from charges
    left join older_tool on charges.charge_text = older_tool.charge_text
    where
        (
            charges.is_prop_64
            and (
                charges.is_two_sections or charges.is_not_understood or charges.is_attempt or charges.is_conspiracy
            )
        )
        or (older_tool.section is not null and not charges.is_prop_64)

)

select * from final
