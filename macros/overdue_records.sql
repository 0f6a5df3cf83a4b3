{#
    Measures of a person's record that have a twin `<measure>__overdue_left_out`: the same, without records that the law
    required to be destroyed by the day of evaluation (H&S 11361.5, 11361.7). A policy with `overdue_records` = left_out
    tests the twin.
#}
{% macro overdue_measures() -%}
    (
        'years_since_latest_conviction', 'years_since_day_after_latest_conviction',
        'years_since_latest_felony_conviction', 'has_only_prop_64_convictions'
    )
{%- endmacro %}


{# The measure that a policy tests where its rule names `measure`: the measure or its twin. #}
{% macro asked_measure(measure, is_left_out) -%}
    case
        when {{ is_left_out }} and {{ measure }} in {{ overdue_measures() }}
            then {{ measure }} || '__overdue_left_out'
        else {{ measure }}
    end
{%- endmacro %}


{#
    All measures, and the twins for convictions that int_policies__overdue_measures leaves out because the person has no
    record that is or may be due; there the twin equals the measure. Reads int_policies__measures.
#}
{% macro measures_with_twins() -%}
    select
        conviction_key,
        measure,
        lower_bound,
        upper_bound,
        facts
    from {{ ref('int_policies__measures') }}
    union all
    select
        measures.conviction_key,
        measures.measure || '__overdue_left_out' as measure,
        measures.lower_bound,
        measures.upper_bound,
        measures.facts
    from {{ ref('int_policies__measures') }} as measures
    left join (
        -- A conviction has the twins of either all measures or none, so it is enough to look for one twin.
        select conviction_key from {{ ref('int_policies__measures') }}
        where measure = 'has_only_prop_64_convictions__overdue_left_out'
    ) as twins on measures.conviction_key = twins.conviction_key
    where measures.measure in {{ overdue_measures() }} and twins.conviction_key is null
{%- endmacro %}
