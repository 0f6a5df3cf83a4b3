{# A felony as the older tool has it: the published spellings to the letter, anything else is none. #}
{% macro is_felony_to_older_tool(conviction_level, charge_level) -%}
    (
        coalesce({{ conviction_level }}, '') = 'FELONY'
        or (coalesce({{ conviction_level }}, '') = '' and coalesce({{ charge_level }}, '') = 'F')
    )
{%- endmacro %}


{# The day that the older tool makes of a missing, partial or impossible date. #}
{% macro year_one() -%} cast('0001-01-01' as date) {%- endmacro %}


{# A registration under a section that only begins with 290, such as Labor Code 2900.5. #}
{% macro is_registration_by_prefix() -%}
    step_type = 'REGISTRATION'
    and offense_description_raw like '290%'
    and not regexp_matches(trim(offense_description_raw), '^290([^0-9]|$)')
{%- endmacro %}
