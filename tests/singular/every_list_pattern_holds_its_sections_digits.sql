-- The model int_charges__list_matches tries a pattern only on texts that contain the digits of the pattern's section.
select
    list_id,
    section,
    pattern
from {{ ref('offense_list_entries') }}
where
    kind not in ('prop_64', 'subdivision')
    and reads = 'code_section_text'
    and not coalesce(contains(pattern, regexp_extract(section, '^[0-9]+')), false)
