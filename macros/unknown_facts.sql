{# The facts that may be missing for an answer, in the order in which they are named. Each has one bit, so that sets are
combined with OR. #}
{% macro facts() -%}
    {{ return([
        'conviction_date', 'birth_date', 'level', 'section', 'offense_date', 'sentence_end', 'strike_date',
        'registration_date', 'county', 'prosecuting_agency', 'charge_date', 'circumstances', 'amount', 'court_records',
        'earlier_relief', 'destruction_due', 'disposition', 'plants', 'payment', 'recipient_age', 'place',
    ]) }}
{%- endmacro %}


{# The bit of one fact. #}
{% macro fact(name) -%}{{ 2 ** facts().index(name) }}{%- endmacro %}


{# A set of facts as text: their ids joined with `;`, empty for none. #}
{% macro facts_as_text(bits) -%}
    concat_ws(
        ';'
        {%- for name in facts() %},
        case when ({{ bits }} & {{ fact(name) }}) > 0 then '{{ name }}' end
        {%- endfor %}
    )
{%- endmacro %}
