{#
    The name of a courthouse in the form in which it is compared with the seed: letter case, blanks, periods and the
    word Courthouse do not matter.
#}
{% macro comparable_courthouse(name) -%}
    trim(
        regexp_replace(
            regexp_replace(regexp_replace(upper({{ name }}), '[\s.\x{A0}]+', ' ', 'g'), '\bCOURT ?HOUSE\b', ' ', 'g'),
            ' +', ' ', 'g'
        )
    )
{%- endmacro %}
