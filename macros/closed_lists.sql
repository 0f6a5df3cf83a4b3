{#
    A courthouse's name as names are compared with the seed: letter case, blanks, full stops and the word Courthouse do
    not matter.
#}
{% macro comparable_courthouse(name) -%}
    trim(
        regexp_replace(
            regexp_replace(regexp_replace(upper({{ name }}), '[\s.\x{A0}]+', ' ', 'g'), '\bCOURT ?HOUSE\b', ' ', 'g'),
            ' +', ' ', 'g'
        )
    )
{%- endmacro %}
