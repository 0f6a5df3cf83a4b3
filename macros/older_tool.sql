{# A felony by the older tool: only the published spellings, exactly as written, count. #}
{% macro is_felony_to_older_tool(conviction_level, charge_level) -%}
    (
        coalesce({{ conviction_level }}, '') = 'FELONY'
        or (coalesce({{ conviction_level }}, '') = '' and coalesce({{ charge_level }}, '') = 'F')
    )
{%- endmacro %}


{# The day that the older tool reads from a missing, partial or impossible date. #}
{% macro year_one() -%} cast('0001-01-01' as date) {%- endmacro %}


{# A registration under a section that only begins with 290, such as Labor Code 2900.5. #}
{% macro is_registration_by_prefix() -%}
    step_type = 'REGISTRATION'
    and offense_description_raw like '290%'
    and not regexp_matches(trim(offense_description_raw), '^290([^0-9]|$)')
{%- endmacro %}


{#
    CTEs `listed_convictions`, `gang_pairs`, `unknown_convictions` and `registrations`: the evidence of a super strike
    or a PC 290 offense in histories with another reading than ours. Reads a CTE `convictions` with a column `reading`:
    `published` is the reading of P1 and P2, and the others are defects of the older tool.
#}
{% macro disqualifiers_of_readings() -%}
histories as (

    select distinct
        history_key,
        reading,
        subject_key,
        history_delivery_id
    from convictions

),

disqualifiers as (

    select * from {{ ref('int_convictions__disqualifiers') }}

),

list_matches as (

    select
        charge_text,
        replace(list_id, 'sections_2019_', 'cmr_2019_') as list_id,
        starts_with(list_id, 'sections_2019_') as is_by_section
    from {{ ref('int_charges__list_matches') }}
    where
        list_id in (
            'cmr_2019_super_strike', 'cmr_2019_pc290', 'sections_2019_super_strike', 'sections_2019_pc290'
        )

),

listed_convictions as (

    select
        convictions.history_key,
        convictions.reading,
        list_matches.list_id,
        convictions.conviction_key,
        convictions.conviction_date as evidence_date,
        true as is_certain
    from convictions
    inner join list_matches
        on
            convictions.charge_text = list_matches.charge_text
            and list_matches.is_by_section = (convictions.reading = 'strike_list')

),

-- A gang pair is an offense and a gang enhancement in the same step, which together are a super strike. The older tool
-- gives such a pair no date.
gang_pairs as (

    select
        listed.history_key,
        listed.reading,
        'cmr_2019_super_strike' as list_id,
        listed.conviction_key,
        case
            when listed.reading in ('undated_disqualifier', 'older_tool') then {{ year_one() }}
            else listed.conviction_date
        end as evidence_date,
        true as is_certain
    from convictions as listed
    inner join convictions as enhancement
        on
            listed.history_key = enhancement.history_key
            and listed.cycle_step = enhancement.cycle_step
            and listed.conviction_key <> enhancement.conviction_key
    where
        regexp_matches(listed.code_section_text, {{ gang_listed_offense() }})
        and regexp_matches(enhancement.code_section_text, {{ gang_enhancement() }})

),

-- We treat a blank charge as possibly any offense; the older tool ignores it.
unknown_convictions as (

    select
        convictions.history_key,
        convictions.reading,
        disqualifiers.list_id,
        convictions.conviction_key,
        convictions.conviction_date as evidence_date,
        false as is_certain
    from disqualifiers
    inner join convictions on disqualifiers.doj_conviction_key = convictions.doj_conviction_key
    where
        not disqualifiers.is_certain
        and convictions.reading not in ('charge_blank', 'older_tool')

),

registrations as (

    select
        histories.history_key,
        histories.reading,
        disqualifiers.list_id,
        cast(null as varchar) as conviction_key,
        case
            when histories.reading in ('undated_disqualifier', 'older_tool') then {{ year_one() }}
            else disqualifiers.evidence_date
        end as evidence_date,
        true as is_certain
    from disqualifiers
    inner join histories
        on
            disqualifiers.subject_key = histories.subject_key
            and disqualifiers.delivery_id = coalesce(histories.history_delivery_id, disqualifiers.delivery_id)
    where disqualifiers.evidence = '290 registration'

)
{%- endmacro %}


{# fct_relief_defects, or no row where the build leaves the older tool out (the variable `older_tool` of dbt_project.yml). #}
{% macro relief_defects() -%}
    {% if var('older_tool') -%}
    select * from {{ ref('fct_relief_defects') }}
    {%- else -%}
    select
        cast(null as varchar) as policy_id,
        cast(null as varchar) as delivery_id,
        cast(null as bigint) as row_no,
        cast(null as varchar) as listed_defects,
        cast(null as varchar) as older_tool_determination,
        cast(null as varchar) as older_tool_reason
    where false
    {%- endif %}
{%- endmacro %}


{#
    Drop the older tool's tables of an earlier build if this build leaves the older tool out, so that old answers are
    not mixed with newer ones. A test compares the list with the tag `older_tool`.
#}
{% macro drop_older_tool() %}
    {% if execute and not var('older_tool') %}
        {% set names = {
            'intermediate': [
                'int_interpretations__arrest_step_convictions', 'int_interpretations__charges',
                'int_interpretations__convictions', 'int_interpretations__disqualifiers',
                'int_interpretations__history_subjects', 'int_interpretations__relevant_subjects',
                'int_interpretations__sentences', 'int_interpretations__subjects',
                'int_comparison__convictions', 'int_comparison__people', 'int_comparison__possible_charges',
                'int_comparison__readings', 'int_comparison__sections',
            ],
            'marts': ['fct_older_tool_results', 'fct_relief_defects'],
            'reporting': ['rpt_older_tool_summary'],
        } %}
        {% for schema, identifiers in names.items() %}
        {% for identifier in identifiers %}
            {% set relation = adapter.get_relation(target.database, schema, identifier) %}
            {% if relation %}{% do adapter.drop_relation(relation) %}{% endif %}
        {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}
