{# Each row has a value in each of these columns, and no two rows share them all. One scan, whatever the number of columns. #}
{% test primary_key(model, columns) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {%- for column in columns %}
        or {{ column }} is null
        {%- endfor %}
{% endtest %}
