{# True where a comparison holds wherever the measure may lie, between its lowest and its highest value. #}
{% macro surely_holds(operator, lowest, highest, threshold) -%}
    case {{ operator }}
        when '>=' then {{ lowest }} >= {{ threshold }}
        when '>' then {{ lowest }} > {{ threshold }}
        when '<=' then {{ highest }} <= {{ threshold }}
        when '<' then {{ highest }} < {{ threshold }}
        when '=' then {{ lowest }} = {{ threshold }} and {{ highest }} = {{ threshold }}
    end
{%- endmacro %}


{# True where it holds nowhere between them. Neither: it cannot be told. #}
{% macro surely_fails(operator, lowest, highest, threshold) -%}
    case {{ operator }}
        when '>=' then {{ highest }} < {{ threshold }}
        when '>' then {{ highest }} <= {{ threshold }}
        when '<=' then {{ lowest }} > {{ threshold }}
        when '<' then {{ lowest }} >= {{ threshold }}
        when '=' then {{ lowest }} > {{ threshold }} or {{ highest }} < {{ threshold }}
    end
{%- endmacro %}
