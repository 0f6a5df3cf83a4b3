{#
    A county's name in one form for every spelling: upper case, letters and digits, without blanks and the words around
    the name. `Los Angeles Co.`, `COUNTY OF LOS  ANGELES` and `LosAngeles` are LOSANGELES, `L.A.` is LA.
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
