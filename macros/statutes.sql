{# The sections of seeds/law/statutes.csv as a pattern, the longer number first. #}
{% macro statute_sections() -%}
    11357[.]5|1135[789]|1136[01]|11362[.][0-9]+|11362|11530[.][15]|1153[012]
{%- endmacro %}


{# The section of the seed that a text names as a number of its own: 11362.x is used for every 11362.* without a row. #}
{% macro statute_section(text) -%}
    regexp_extract({{ text }}, '(^|[^0-9.])({{ statute_sections() }})([^0-9.]|[.][^0-9]|[.]?$)', 2)
{%- endmacro %}


{#
    A section with its subdivision (a letter) and paragraph (a digit), with or without parentheses, followed by a sign,
    HS or the end: 11357(B)HS, 11357BHS, 11357(B)2HS, 11360A3DHS, 11360(A)(3)(D). The letter is group 1, the digit group
    2.
    Reads text in upper case, without spaces at parentheses and with HS for H&S.
#}
{% macro statute_subdivision_pattern() -%}
    (?:{{ statute_sections() }}) *[-./]? *[(]?([A-E])[)]?[(]?([0-9]?)[)]?[(]?[A-E]?[)]?(?: *HS|[^A-Z0-9]|$)
{%- endmacro %}


{# The text in the form that statute_subdivision_pattern reads. #}
{% macro statute_text(text) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(upper(trim({{ text }})), 'H ?(&|AND|/) ?S', 'HS', 'g'), ' *[(] *', '(', 'g'
        ), ' *[)]', ')', 'g'
    )
{%- endmacro %}


{# True where a row of the seed is a meaning of this section, letter and paragraph. Reads the alias `statutes`. #}
{% macro is_statute_named(section, subdivision, paragraph) -%}
    statutes.section = {{ section }}
    and case
        -- All subdivisions of a section that is not a cannabis relief section have the same meaning.
        when not statutes.is_cannabis_relief_section then true
        when {{ subdivision }} is null then statutes.paragraph is null
        when statutes.subdivision is distinct from {{ subdivision }} then false
        -- `named_paragraphs` lists the paragraphs that the law has given this subdivision on any day. A paragraph on
        -- the list has a meaning only on the days of its own rows; a paragraph that is not on the list is ignored. If
        -- no paragraph is given, this condition is NULL, which counts as false.
        when contains(statutes.named_paragraphs, {{ paragraph }})
            then statutes.paragraph is not distinct from {{ paragraph }}
        else statutes.paragraph is null
    end
{%- endmacro %}
