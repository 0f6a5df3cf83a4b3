{# True where the text names this section as a number of its own: 11357 in `11357(B)HS`, not in `11357.5` or `911357`. #}
{% macro names_section(text, section) -%}
    regexp_matches({{ text }}, '(^|[^0-9.]){{ section | replace(".", "[.]") }}([^0-9.]|[.][^0-9]|[.]?$)')
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
                regexp_matches({{ text }}, '{{ number }}s*([A-Z][0-9]?[A-Z]?)?? ?{{ other_codes }}([^A-Z]|$)')
                or regexp_matches({{ text }}, '^{{ other_codes }} ?{{ number }}')
            )
        )
{%- endmacro %}


{#
    The text with every cannabis section that it names, its subdivisions included, and a conspiracy written as #.
    Reads the columns names_11357 ... names_11531; the longer number comes first.
#}
{% macro mask_cannabis_sections(text) -%}
    {%- set sections = ['11530.5', '11530', '11531', '11357', '11358', '11359', '11360'] -%}
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


{# The offenses that a gang enhancement of the same cycle and step makes a super strike (list cmr_2019). #}
{% macro gang_listed_offense() -%}
    '(136[.]1|215|213[(]A[)][(]1[)][(]A[)]|246|519|12022[.]55) PC'
{%- endmacro %}


{# The gang enhancement, PC 186.22(b)(4). #}
{% macro gang_enhancement() -%} '186[.]22[(]B[)][(]4[)] PC' {%- endmacro %}
