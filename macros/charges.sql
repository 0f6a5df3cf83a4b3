{#
    Text in upper case with each code in its two letters and each subdivision behind its section: what `P.C.`,
    `PENAL CODE`, `(VC)`, `LAMC` or `HEALTH & SAFETY` name is one code each, and `11357 SUBD [B]` is 11357(B).
#}
{% macro plain_codes(text) -%}
    {%- set steps = [
        ('[[]', '('),
        ('[]]', ')'),
        ('([0-9]{5}) +[.]([0-9])', '\\1.\\2'),
        ('(^|[^0-9.])(664|182)[.](1135[789]|11360|1153[01])', '\\1\\2/\\3'),
        ('([0-9]{5}) ?(?:,|_|SUB(?:D|DIV|DIVISION|SEC|SECTION)?[.]?) ?[(]?([A-E])(?:[)]|(HS|[^A-Z0-9/)])|$)', '\\1(\\2)\\3'),
        (' AN? (MISDEMEANOR|FELONY|INFRACTION)', ' \\1'),
    ] -%}
    {%- set spellings = [
        ('HEALTH ?(?:&|AND) ?SAFETY(?: CODE)?|H ?(?:&|AND|/) ?SC?(?: CODE)?|H[.] ?S[.]?|H S|HSC|CAL? HS', 'HS'),
        ('CAL? HS', 'HS'),
        ('P[.] ?C[.]?|PENAL(?: CODE)?|CPC', 'PC'),
        ('V[.] ?C[.]?|VEH(?:ICLE)? CODE|CVC', 'VC'),
        ('B ?(?:&|AND) ?PC?|BPC|BUS(?:INESS)? ?(?:&|AND) ?PROF(?:ESSIONS)?(?: CODE)?', 'BP'),
        ('W ?(?:&|AND) ?IC?|WIC|WELF(?:ARE)? ?(?:&|AND) ?INST(?:ITUTIONS)?(?: CODE)?', 'WI'),
        ('[A-Z]{1,3}MC|MUNI?(?:CIPAL)? CODE|LACC|LACO|ORD(?:INANCE)?|CCR', 'MC'),
        ('USC', 'US'),
    ] -%}
    {%- set written = namespace(text=text) -%}
    {%- for pattern, code in spellings -%}
        {%- set written.text = "regexp_replace(" ~ written.text
            ~ ", '(^|[^A-Z]|[0-9][-._]?[A-E])(?:" ~ pattern ~ ")([^A-Z]|$)', '\\1" ~ code ~ "\\2', 'g')" -%}
    {%- endfor -%}
    {%- set steps = steps + [('[(]' ~ '(HS|PC|VC|BP|WI|GC|LC|FG|MV|MC|FA|CC|UI|IC|US)' ~ '[)]', ' \\1 ')] -%}
    {%- for pattern, replacement in steps -%}
        {%- set written.text = "regexp_replace(" ~ written.text ~ ", '" ~ pattern ~ "', '" ~ replacement ~ "', 'g')" -%}
    {%- endfor -%}
    {{ written.text }}
{%- endmacro %}


{# True where the text names this section as a number of its own: 11357 in `11357(B)HS`, not in `11357.5` or `911357`. #}
{% macro names_section(text, section) -%}
    regexp_matches({{ text }}, '(^|[^0-9.$]){{ section | replace(".", "[.]") }}([^0-9.]|[.][^0-9]|[.]?$)')
{%- endmacro %}


{#
    True where the text names the section and no other code is written directly after it (`11358 PC`) or before it.
    An attempt or a conspiracy is charged under the Penal Code and still names the Health and Safety section.
    Reads the columns has_attempt and has_conspiracy.
#}
{% macro names_cannabis_section(text, section, other_codes) -%}
    {%- set number = section | replace(".", "[.]") -%}
    {{ names_section(text, section) }}
        and (
            has_attempt
            or has_conspiracy
            -- `32/11359 PC`: the code is the first section's, and the cannabis section stands behind it.
            or regexp_matches({{ text }}, '[0-9]s*[A-Z]?( ?[A-Z][A-Z])? ?/ ?{{ number }}')
            or not (
                (
                    regexp_matches(
                        {{ text }}, '{{ number }}[ .-]?s*([A-E][0-9]?[A-E]?)?? ?[/,:;]? ?{{ other_codes }}([^A-Z]|$)'
                    )
                    -- `11357, PC 148`: the code is that of the section behind it.
                    and not regexp_matches(
                        {{ text }},
                        '{{ number }}[ .-]?s*([A-E][0-9]?[A-E]?)?? ?[/,:;]? ?{{ other_codes }}[ :.]*[0-9]{3}'
                    )
                )
                or (
                    regexp_matches({{ text }}, '^([^0-9]*[^A-Z0-9])?{{ other_codes }} ?[:/,.]? ?{{ number }}')
                    and not regexp_matches({{ text }}, '{{ number }} ?s*([A-E][0-9]?[A-E]?)?? ?HS([^A-Z]|$)')
                )
            )
        )
{%- endmacro %}


{#
    The text with every cannabis section that it names, its subdivisions included, and a conspiracy written as #.
    Reads the columns names_11357 ... names_11531; the longer number comes first.
#}
{% macro mask_cannabis_sections(text) -%}
    {%- set sections = ['11530.5', '11530.1', '11530', '11531', '11357', '11358', '11359', '11360'] -%}
    {%- set masked = namespace(text="regexp_replace(" ~ text ~ ", '(^|[^0-9.])182', '#')") -%}
    {%- for section in sections -%}
        {%- set number = section | replace(".", "[.]") -%}
        {%- set column = "names_" ~ section | replace(".", "_") -%}
        {#- A pattern that only the empty text matches, where the section is not named. -#}
        {%- set masked.text = "regexp_replace(" ~ masked.text ~ ", case when " ~ column ~ " then '" ~ number
            ~ "s*[A-Z]?[0-9]?[A-Z]?' else '^$' end, '#', 'g')" -%}
    {%- endfor -%}
    {{ masked.text }}
{%- endmacro %}


{#
    True where the text before the hyphen names no section: no number, or that of a count (`CT 1-11357(B) HS`) while a
    cannabis section stands behind the hyphen.
#}
{% macro is_without_section(code_section_text, charge_text) -%}
    (
        not regexp_matches({{ code_section_text }}, '[0-9]')
        or (
            regexp_matches(upper({{ code_section_text }}), '^[^0-9]*[0-9]{1,2}[^0-9A-Z]*$')
            and regexp_matches({{ charge_text }}, '-([^0-9]|[^0-9].*[^0-9])?(1135[789]|11360|1153[01])([^0-9]|$)')
        )
    )
{%- endmacro %}


{# The offenses that a gang enhancement of the same cycle and step makes a super strike (list cmr_2019). #}
{% macro gang_listed_offense() -%}
    '(136[.]1|215|213[(]A[)][(]1[)][(]A[)]|246|519|12022[.]55) PC'
{%- endmacro %}


{# The gang enhancement, PC 186.22(b)(4). #}
{% macro gang_enhancement() -%} '186[.]22[(]B[)][(]4[)] PC' {%- endmacro %}
