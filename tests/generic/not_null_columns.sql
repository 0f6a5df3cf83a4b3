{# No row lacks a value in any of these columns. One scan for all of them; a failure says how many rows each lacks, no value. #}
{% test not_null_columns(model, columns) %}
    with missing as (
        select
        {%- for column in columns %}
            count(*) - count({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
        from {{ model }}
    )

    select *
    from missing
    where {% for column in columns %}{{ 'or ' if not loop.first }}{{ column }} > 0 {% endfor %}
{% endtest %}
