{#
    A policy with `unknown_plants` = more_than_six presumes more than six plants where the number is unknown:
    presumptions about the number are reversed. A condition without a presumption still sends the conviction to an
    attorney. With `unknown_plants` = six_or_fewer every condition presumes what it states.
#}
{% macro asked_if_unknown(measure, threshold, if_unknown, is_more) -%}
    case
        when {{ is_more }} and {{ measure }} = 'exceeds_six_plants' and {{ if_unknown }} <> 'review'
            -- The measure is yes (1) or no (0), and rules compare it with `=`.
            then case when {{ threshold }} = 1 then 'presume_met' else 'presume_not_met' end
        else {{ if_unknown }}
    end
{%- endmacro %}


{# Why such a policy presumes this. A citation names the source first, and after a colon what the source says. #}
{% macro more_plants_citation() -%}
    'H&S 11358(c): the policy takes an unknown number of plants as more than six'
{%- endmacro %}
