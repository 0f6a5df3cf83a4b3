{#
    Measures of a person's record that have a twin `<measure>__overdue_left_out`: the same, without records that the law
    required to be destroyed by the day of evaluation (H&S 11361.5, 11361.7). A policy with `overdue_records` = left_out
    tests the twin.
#}
{% macro overdue_measures() -%}
    {{ return([
        'years_since_latest_conviction',
        'years_since_day_after_latest_conviction',
        'years_since_latest_felony_conviction',
        'has_only_prop_64_convictions',
    ]) }}
{%- endmacro %}


{# The measure that a policy tests where its rule names `measure`: the measure or its twin. #}
{% macro asked_measure(measure, is_left_out) -%}
    case
        when {{ is_left_out }} and {{ measure }} in ('{{ overdue_measures() | join("', '") }}')
            then {{ measure }} || '__overdue_left_out'
        else {{ measure }}
    end
{%- endmacro %}
