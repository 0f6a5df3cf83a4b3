{# What distinguishes the counts of a person: CNT_ORDER. A row without a valid CNT_ORDER is a count of its own. #}
{% macro count_key(count_order='count_order', of='') -%}
    case when {{ of }}is_count_order_valid then {{ of }}{{ count_order }} else 'row ' || {{ of }}delivery_id || ' ' || {{ of }}row_no end
{%- endmacro %}


{#
    The kind of event of a DOJ step, from the words of its type; NULL where the file names none. Steps of arrests and
    courts contain charges; the other steps report something about the person.
#}
{% macro event_type(step_type) -%}
    case
        when {{ step_type }} = 'COURT ACTION' then 'court_action'
        when {{ step_type }} like 'ARREST%' or {{ step_type }} in ('DETAINED', 'CITED', 'CITATION', 'CITE', 'DETENTION', 'BOOKED', 'BOOKING')
            then 'arrest'
        when {{ step_type }} like 'REGISTRATION%' then 'registration'
        when {{ step_type }} like 'DECEASED%' then 'death'
        when {{ step_type }} like 'APPLICANT%' then 'applicant'
        when {{ step_type }} like '%SUPERVIS%' or {{ step_type }} like '%PROBATION%' or {{ step_type }} like '%PAROLE%'
            then 'supervision'
        when {{ step_type }} like '%CUSTODY%' or {{ step_type }} like '%PRISON%' or {{ step_type }} like '%JAIL%'
            then 'custody'
        when {{ has_content(step_type) }} then 'other'
    end
{%- endmacro %}


{# The days of a sentence part by the published rule: a month is 30.5 days, a year is 366, and another unit counts as 0.
#}
{% macro published_sentence_days(length, unit) -%}
    {{ length }} * case {{ unit }} when 'D' then 1 when 'M' then 30.5 when 'Y' then 366 else 0 end
{%- endmacro %}


{# The last day of a sentence by the calendar. The calendar cannot express every length, so a thousand years is the
longest. #}
{% macro calendar_end(from_date, months, days) -%}
    {{ from_date }}
    + to_months(cast(least({{ months }}, 12000) as integer))
    + to_days(cast(least({{ days }}, 365000) as integer))
{%- endmacro %}
