with offenses as (

    select
        offense_key,
        offense_text,
        offense_code,
        qualifier_list,
        era_from,
        count(*) as convictions
    from {{ ref('int_offenses__dated') }}
    group by offense_key, offense_text, offense_code, qualifier_list, era_from

),

named as (

    select * from {{ ref('int_charges__named') }}

),

codes as (

    select * from {{ ref('int_offenses__code_statutes') }}

),

-- In a dbt unit test, an empty cell of a seed is an empty text and not NULL.
dated_meanings as (

    select
        * replace (
            nullif(subdivision, '') as subdivision, nullif(paragraph, '') as paragraph, nullif(levels, '') as levels
        )
    from {{ ref('statutes') }}

),

paragraphs as (

    select
        section,
        subdivision,
        string_agg(distinct paragraph, ';') as named_paragraphs
    from dated_meanings
    where paragraph is not null
    group by section, subdivision

),

statutes as (

    select
        dated_meanings.*,
        paragraphs.named_paragraphs
    from dated_meanings
    left join paragraphs
        on dated_meanings.section = paragraphs.section and dated_meanings.subdivision = paragraphs.subdivision

),

sections as (

    select
        section,
        bool_or(is_cannabis_relief_section) as is_cannabis_relief_section
    from statutes
    group by section

),

qualifiers as (

    select
        qualifier_list,
        string_agg(qualifier, ';' order by qualifier) as qualifiers,
        bool_or(is_attempt) as is_attempt,
        bool_or(is_conspiracy) as is_conspiracy,
        bool_or(qualifier_group = 'ACCESSORY') as is_accessory
    from {{ ref('int_criminal_history__qualifiers') }}
    group by qualifier_list

),

-- Section, letter and paragraph from the text and from the code.
read as (

    select
        offenses.*,
        coalesce(named.names, 'blank') as text_names,
        named.section as section_written,
        case
            when text_sections.section is not null then named.section
            when named.section like '11362%' then '11362.x'
        end as text_section,
        named.subdivision as text_subdivision,
        named.paragraph as text_paragraph,
        case
            when codes.offense_code is null then 'none'
            when codes.is_attempt_or_conspiracy then 'none'
            when codes.section is null then 'other'
            else 'section'
        end as code_names,
        codes.section as code_section_written,
        case
            when code_sections.section is not null then codes.section
            when codes.section like '11362%' then '11362.x'
        end as code_section,
        codes.subdivision as code_subdivision,
        codes.paragraph as code_paragraph,
        codes.level_code as code_level,
        codes.enacted_date,
        codes.repealed_date,
        codes.edition_date,
        coalesce(named.is_attempt, false) or coalesce(qualifiers.is_attempt, false) as is_attempt,
        coalesce(named.is_conspiracy, false) or coalesce(qualifiers.is_conspiracy, false) as is_conspiracy,
        coalesce(named.is_accessory, false) or coalesce(qualifiers.is_accessory, false) as is_accessory,
        -- The DOJ's qualifiers have no code for solicitation.
        coalesce(named.is_solicitation, false) as is_solicitation,
        qualifiers.qualifiers
    from offenses
    left join named on offenses.offense_text = named.charge_text
    left join codes on offenses.offense_code = codes.offense_code
    left join sections as text_sections on named.section = text_sections.section
    left join sections as code_sections on codes.section = code_sections.section
    left join qualifiers on offenses.qualifier_list = qualifiers.qualifier_list

),

-- Rows of `statutes` that the text or the code allows on the day of the offense.
possible as (

    select
        read.offense_key,
        statutes.statute_id,
        statutes.subdivision,
        statutes.levels,
        (
            read.text_names = 'section'
            and {{ is_statute_named('read.text_section', 'read.text_subdivision', 'read.text_paragraph') }}
        ) as is_by_text,
        (
            {{ is_statute_named('read.code_section', 'read.code_subdivision', 'read.code_paragraph') }}
            -- An offense code means the law that was in force while the code was in use.
            and statutes.in_force_from <= coalesce(read.repealed_date, read.edition_date)
            and (read.enacted_date is null or statutes.in_force_to >= read.enacted_date)
        ) as is_by_code
    from read
    inner join statutes on statutes.section in (read.text_section, read.code_section)
    where read.era_from is null or read.era_from between statutes.in_force_from and statutes.in_force_to

),

counted as (

    select
        offense_key,
        count(*) filter (where is_by_text) as by_text,
        count(*) filter (where is_by_code) as by_code,
        count(*) filter (where is_by_text and is_by_code) as by_both,
        min(statute_id) filter (where is_by_text) as statute_by_text,
        min(statute_id) filter (where is_by_code) as statute_by_code,
        min(statute_id) filter (where is_by_text and is_by_code) as statute_by_both,
        string_agg(statute_id, '; ' order by statute_id) as possible_meanings,
        concat_ws(
            ';',
            case when bool_or(contains(levels, 'I')) then 'I' end,
            case when bool_or(contains(levels, 'M')) then 'M' end,
            case when bool_or(contains(levels, 'F')) then 'F' end
        ) as possible_levels
    from possible
    where is_by_text or is_by_code
    group by offense_key

),

judged as (

    select
        read.*,
        counted.by_text,
        counted.possible_meanings,
        counted.possible_levels,
        case
            when read.text_names = 'section' and read.code_names = 'section' then counted.statute_by_both
            when read.text_names = 'section' then counted.statute_by_text
            else counted.statute_by_code
        end as statute_id,
        case
            when read.text_names = 'section' and read.code_names = 'section' then counted.by_both
            when read.text_names = 'section' then counted.by_text
            else counted.by_code
        end as readings
    from read
    left join counted on read.offense_key = counted.offense_key

),

reasoned as (

    select
        *,
        -- True where the offense names two sections: both in the text, or one in the text and another in the code.
        text_names in ('two_sections', 'not_understood', 'other')
        or code_names = 'other'
        or text_section <> code_section as is_contradicted,
        case
            when text_names = 'two_sections' then 'charge_two_sections'
            when text_names = 'not_understood' then 'charge_not_understood'
            when text_names = 'two_subdivisions' then 'charge_two_subdivisions'
            when text_names in ('blank', 'no_section') and code_names = 'none'
                then case text_names when 'blank' then 'charge_blank' else 'charge_without_section' end
            when text_names <> 'section' and code_names <> 'section' then 'not_a_cannabis_section'
            when text_names = 'other' or code_names = 'other' then 'meaning_text_and_code_differ'
            when readings = 1 then null
            when readings > 1
                then case when era_from is null then 'meaning_date_unknown' else 'meaning_no_subdivision' end
            when by_text > 0 then 'meaning_text_and_code_differ'
            else 'meaning_not_on_that_date'
        end as reason
    from judged

),

final as (

    select
        reasoned.offense_key,
        reasoned.offense_text,
        reasoned.offense_code,
        reasoned.qualifier_list,
        reasoned.era_from,
        reasoned.convictions,
        case
            when reasoned.reason is null then 'resolved'
            when reasoned.reason = 'not_a_cannabis_section' then 'not_a_cannabis_section'
            else 'cannot_tell'
        end as meaning_status,
        reasoned.reason,
        case
            when reasoned.reason is not null then null
            when reasoned.text_names <> 'section' then 'offense_code'
            when reasoned.code_names <> 'section' then 'text'
            when reasoned.by_text > 1 then 'text_made_exact_by_code'
            else 'text_and_code'
        end as resolved_by,
        -- The section is given even where its meaning is unknown.
        case
            when reasoned.is_contradicted then null
            else coalesce(reasoned.section_written, reasoned.code_section_written)
        end as section,
        case when reasoned.reason is null then resolved.subdivision else reasoned.text_subdivision end as subdivision,
        coalesce(reasoned.text_paragraph, resolved.paragraph) as paragraph,
        case when reasoned.reason is null then reasoned.statute_id end as statute_id,
        case when reasoned.reason is null then resolved.meaning end as meaning,
        case when reasoned.reason is null then resolved.levels else reasoned.possible_levels end as levels,
        case when reasoned.reason is not null then reasoned.possible_meanings end as possible_meanings,
        case
            when reasoned.reason = 'not_a_cannabis_section' then false
            when reasoned.reason is null then resolved.is_cannabis_relief_section
            when reasoned.is_contradicted then null
            else sections.is_cannabis_relief_section
        end as is_cannabis_relief_section,
        reasoned.code_level,
        reasoned.is_attempt,
        reasoned.is_conspiracy,
        reasoned.is_accessory,
        reasoned.is_solicitation,
        reasoned.qualifiers
    from reasoned
    left join statutes as resolved on reasoned.statute_id = resolved.statute_id
    left join sections on coalesce(reasoned.text_section, reasoned.code_section) = sections.section

)

select * from final
