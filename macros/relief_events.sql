{# The types of events that the models count, as texts for a list. #}
{% macro event_types() -%}
    'order_signed', 'order_denied', 'not_found_in_court', 'already_relieved', 'challenged', 'challenge_withdrawn',
    'referred_to_city_attorney', 'petition_filed', 'motion_filed', 'notice_to_court', 'notice_to_public_defender',
    'public_defender_attempt', 'order_entered', 'court_record_updated', 'record_sealed', 'reported_to_doj',
    'doj_updated', 'verified'
{%- endmacro %}


{# The kinds of relief that a signed order may grant, as texts for a list. #}
{% macro relief_types() -%} 'dismissal', 'dismissal_and_sealing', 'redesignation', 'resentencing' {%- endmacro %}


{#
    What is wrong with a row of an events file, judged by the row alone; NULL where nothing is. Such a row is listed,
    but may still count. `as_of_date`: the as-of date of its file.
#}
{% macro event_fault(of, as_of_date) -%}
    case
        when {{ of }}.event_type in ({{ event_types() }}) is not true then 'event_type_unknown'
        when
            coalesce({{ of }}.count_order, {{ of }}.count_number) is null
            or coalesce({{ of }}.subject_id, {{ of }}.cii_number, {{ of }}.case_number) is null
            then 'event_no_conviction'
        when {{ of }}.event_type = 'order_signed' and {{ of }}.relief_type in ({{ relief_types() }}) is not true
            then 'order_relief_type_unknown'
        when {{ of }}.event_date is null then 'event_without_date'
        when {{ of }}.event_date > {{ as_of_date }} then 'event_in_the_future'
    end
{%- endmacro %}


{# The column in which the problem named by event_fault must be corrected. #}
{% macro event_fault_column(fault) -%}
    case {{ fault }}
        when 'event_type_unknown' then 'event_type'
        when 'order_relief_type_unknown' then 'relief_type'
        when 'event_without_date' then 'event_date'
        when 'event_in_the_future' then 'event_date'
    end
{%- endmacro %}
