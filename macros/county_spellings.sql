{#
    A county's name however it is written, to compare spellings: upper case, letters and digits, without blanks and the
    words around a name. `Los Angeles Co.`, `COUNTY OF LOS  ANGELES` and `LosAngeles` are LOSANGELES, `L.A.` is LA.
#}
{% macro county_core(text) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(upper({{ plain_number(text) }}), '[^A-Z0-9]+', ' ', 'g'),
            '\b(COUNTY|COUNTIES|CNTY|CTY|CITY|AND|CO|OF|CALIFORNIA|CALIF|CA)\b', '', 'g'
        ),
        ' ', '', 'g'
    )
{%- endmacro %}
