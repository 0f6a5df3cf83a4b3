{# No row lacks a value in any of these columns. One scan tests all; a failure counts the missing values by column. #}
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
