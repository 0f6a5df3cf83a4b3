{#
    Dates that cannot be true together (docs/known-limits.md, Dates). A person is at least 10 and at most 110 years
    old at a conviction: both birthdays are possible, the day before the tenth and the day after the 110th are not.
    True, false, or NULL where one of the two dates is unknown.
#}
{% macro is_age_impossible(birth_date, conviction_date) -%}
    (
        {{ conviction_date }} < {{ years_after(birth_date, 10) }}
        or {{ conviction_date }} > {{ years_after(birth_date, 110) }}
    )
{%- endmacro %}


{#
    The first day on which a conviction of these files is plausible. If an age is impossible and the conviction is older
    than this, the date of the conviction is assumed to be wrong, not the birth date.
#}
{% macro first_plausible_conviction_date() -%} date '1940-01-01' {%- endmacro %}


{# The first plausible birth date: nobody born before it could have been at most 110 at a plausible conviction. #}
{% macro first_plausible_birth_date() -%} date '1830-01-01' {%- endmacro %}
