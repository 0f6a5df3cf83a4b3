{# What tells one count of a person from another: CNT_ORDER; a row without a proper one is a count of its own. #}
{% macro count_key(count_order='count_order', of='') -%}
    case when {{ of }}is_count_order_valid then {{ of }}{{ count_order }} else 'row ' || {{ of }}delivery_id || ' ' || {{ of }}row_no end
{%- endmacro %}


{#
    What kind of event a DOJ step is, by the words of its type; NULL where the file names none.
    An arrest's and a court's steps hold charges; the others say something of the person.
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


{# The days of a sentence part as published: a month is 30.5 days, a year 366, another unit nothing. #}
{% macro published_sentence_days(length, unit) -%}
    {{ length }} * case {{ unit }} when 'D' then 1 when 'M' then 30.5 when 'Y' then 366 else 0 end
{%- endmacro %}


{# The last day of a sentence by the calendar. Beyond any lifetime the calendar has no date: a thousand years stand for it. #}
{% macro calendar_end(from_date, months, days) -%}
    {{ from_date }}
    + to_months(cast(least({{ months }}, 12000) as integer))
    + to_days(cast(least({{ days }}, 365000) as integer))
{%- endmacro %}
