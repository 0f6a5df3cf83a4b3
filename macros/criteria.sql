{# True where a comparison is true for every value between the lowest and the highest that the measure can have. #}
{% macro surely_holds(operator, lowest, highest, threshold) -%}
    case {{ operator }}
        when '>=' then {{ lowest }} >= {{ threshold }}
        when '>' then {{ lowest }} > {{ threshold }}
        when '<=' then {{ highest }} <= {{ threshold }}
        when '<' then {{ highest }} < {{ threshold }}
        when '=' then {{ lowest }} = {{ threshold }} and {{ highest }} = {{ threshold }}
    end
{%- endmacro %}


{# True where the comparison is false for every such value. If neither macro is true, the answer cannot be told. #}
{% macro surely_fails(operator, lowest, highest, threshold) -%}
    case {{ operator }}
        when '>=' then {{ highest }} < {{ threshold }}
        when '>' then {{ highest }} <= {{ threshold }}
        when '<=' then {{ lowest }} > {{ threshold }}
        when '<' then {{ lowest }} >= {{ threshold }}
        when '=' then {{ lowest }} > {{ threshold }} or {{ highest }} < {{ threshold }}
    end
{%- endmacro %}
