{#
    A policy with `unknown_plants` = more_than_six takes an unknown number of plants as more than six: what it presumes of
    the number is turned to that side. A condition that presumes nothing still sends the conviction to an attorney, and with
    `unknown_plants` = six_or_fewer every condition presumes what it says itself.
#}
{% macro asked_if_unknown(measure, threshold, if_unknown, is_more) -%}
    case
        when {{ is_more }} and {{ measure }} = 'exceeds_six_plants' and {{ if_unknown }} <> 'review'
            -- A measure of yes or no is asked with =.
            then case when {{ threshold }} = 1 then 'presume_met' else 'presume_not_met' end
        else {{ if_unknown }}
    end
{%- endmacro %}


{# Why such a policy presumes so. A citation says the source first, and behind a colon what the source says. #}
{% macro more_plants_citation() -%}
    'H&S 11358(c): the policy takes an unknown number of plants as more than six'
{%- endmacro %}
