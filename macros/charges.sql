{# True where the text names this section as a number of its own: 11357 in `11357(B)HS`, not in `11357.5` or `911357`. #}
{% macro names_section(text, section) -%}
    regexp_matches({{ text }}, '(^|[^0-9.]){{ section | replace(".", "[.]") }}([^0-9.]|[.][^0-9]|[.]?$)')
{%- endmacro %}


{# The column that says whether a charge names this section: names_11530_5 for 11530.5. #}
{% macro section_column(section) -%}names_{{ section | replace(".", "_") }}{%- endmacro %}
