-- Each distinct charge text is matched against each list once, and not once per conviction.
with charges as (

    select
        charge_text,
        code_section_text
    from {{ ref('int_charges__parsed') }}

),

cited as (

    select * from {{ ref('int_charges__citations') }}

),

-- A letter directly after a number may be part of the section or a subdivision: 288A is the former section 288a, or
-- 288(a).
readings as (

    select
        charge_text,
        position,
        1 as reading_no,
        number as section,
        array_to_string(subdivisions, '') as subdivision_path,
        nearest_code as code,
        is_doubtful,
        array_to_string(subdivisions, ')(') as written_subdivisions
    from cited
    -- 288A(B) can only be the former 288a(b), because in a citation such as 288(a)(b) one letter would follow another.
    where not (is_letter_joined and regexp_matches(coalesce(subdivisions[2], ''), '^[A-Z]'))
    union all
    select
        charge_text,
        position,
        2 as reading_no,
        number || subdivisions[1] as section,
        array_to_string(subdivisions[2:], '') as subdivision_path,
        nearest_code as code,
        is_doubtful,
        array_to_string(subdivisions[2:], ')(') as written_subdivisions
    from cited
    where is_letter_joined

),

entries as (

    select
        *,
        upper(coalesce(code_type, '')) as code,
        -- DuckDB compiles a pattern from a column again for each text, so a pattern is only tried on texts that contain
        -- the section's digits.
        case when kind = 'prop_64' then '113' else regexp_extract(section, '^[0-9]+') end as digits
    from {{ ref('offense_list_entries') }}
    where kind <> 'subdivision'

),

-- One row per subdivision of a list entry; an empty subdivision means any subdivision.
entry_subdivisions as (

    select
        list_id,
        section,
        code,
        companion_pattern,
        unnest(string_split(coalesce(subdivisions, ''), ';')) as subdivision_path
    from entries
    where reads = 'reference'

),

known_sections as (

    select distinct section from entry_subdivisions

),

-- The readings of a citation that a list could contain. 187A can only be read as 187(a), because there is no section
-- 187a.
possible_readings as (

    select
        readings.charge_text,
        readings.position,
        count(*) as possible_readings
    from readings
    inner join known_sections on readings.section = known_sections.section
    group by readings.charge_text, readings.position

),

-- The published lists of 2019 are matched anywhere in the text, as the older tool does.
matches_by_text as (

    select
        charges.charge_text,
        entries.list_id,
        regexp_extract(charges.code_section_text, entries.pattern) as matched_text,
        true as is_certain
    from charges
    inner join entries
        on
            entries.reads = 'code_section_text'
            and contains(charges.code_section_text, entries.digits)
            and regexp_matches(charges.code_section_text, entries.pattern)
            and (
                nullif(entries.companion_pattern, '') is null
                or regexp_matches(charges.code_section_text, entries.companion_pattern)
            )

),

matches_by_section as (

    select
        readings.charge_text,
        readings.position,
        readings.reading_no,
        entries.list_id,
        readings.section
        || case when readings.subdivision_path <> '' then '(' || readings.written_subdivisions || ')' else '' end
        || ' ' || entries.code as matched_text,
        -- A match is uncertain where the text lacks the code, or the subdivision that the list names: it may be another
        -- offense.
        readings.code is not null
        and not coalesce(readings.is_doubtful, false)
        and (
            starts_with(readings.subdivision_path, entries.subdivision_path)
            or readings.subdivision_path || '-' = entries.subdivision_path
        ) as is_certain
    from readings
    inner join entry_subdivisions as entries
        on
            readings.section = entries.section
            and upper(coalesce(readings.code, entries.code)) = entries.code
            and (
                starts_with(readings.subdivision_path, entries.subdivision_path)
                or readings.subdivision_path || '-' = entries.subdivision_path
                or (
                    not ends_with(entries.subdivision_path, '-')
                    and starts_with(entries.subdivision_path, readings.subdivision_path)
                )
            )
    left join readings as companions
        on
            readings.charge_text = companions.charge_text
            and contains(';' || entries.companion_pattern || ';', ';' || companions.section || ';')
    where nullif(entries.companion_pattern, '') is null or companions.section is not null

),

-- For some lists, a listed offense alone bars relief. Under such a list, an offense is certain only if every reading of
-- its citation is listed.
matches_by_citation as (

    select
        matches_by_section.charge_text,
        matches_by_section.list_id,
        min(matches_by_section.matched_text) as matched_text,
        case
            when matches_by_section.list_id like '%_by_facts' then bool_or(matches_by_section.is_certain)
            else
                count(distinct case when matches_by_section.is_certain then matches_by_section.reading_no end)
                = min(possible_readings.possible_readings)
        end as is_certain
    from matches_by_section
    inner join possible_readings
        on
            matches_by_section.charge_text = possible_readings.charge_text
            and matches_by_section.position = possible_readings.position
    group by matches_by_section.charge_text, matches_by_section.list_id, matches_by_section.position

),

matches as (

    select * from matches_by_text
    union all
    select * from matches_by_citation

),

final as (

    select
        charge_text,
        list_id,
        min(matched_text) as matched_text,
        bool_or(is_certain) as is_certain
    from matches
    group by charge_text, list_id

)

select * from final
