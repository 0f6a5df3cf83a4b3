{# The day n years after a date, as the published rules count them: 29 February plus n years is 1 March in other years. #}
{% macro years_after(column, years) -%}
    case
        when
            date_part('month', {{ column }}) = 2 and date_part('day', {{ column }}) = 29
            and date_part('day', {{ column }} + interval {{ years }} year) = 28
            then cast({{ column }} + interval {{ years }} year + interval 1 day as date)
        else cast({{ column }} + interval {{ years }} year as date)
    end
{%- endmacro %}
