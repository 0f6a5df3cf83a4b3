{#
    Why a row of a decisions file decides nothing, by itself: NULL where it may decide. A row of the worklist that nobody
    filled in is no fault. `is_verdict_known`: whether its type has such a verdict. `as_of_date`: of its file; a later day
    is a mistake in writing, and would stand before every later decision.
#}
{% macro decision_status(of, is_verdict_known, as_of_date) -%}
    case
        when {{ of }}.verdict is null and {{ of }}.attorney is null and {{ of }}.decision_date_raw is null
            then 'not_filled_in'
        when not {{ is_verdict_known }} and {{ of }}.verdict is not null then 'verdict_unknown'
        when {{ of }}.verdict is null or {{ of }}.attorney is null or {{ of }}.decision_date is null then 'incomplete'
        when {{ of }}.decision_date > {{ as_of_date }} then 'in_the_future'
    end
{%- endmacro %}


{#
    Whether a CII number that a decision gives is none of those that the files give to the conviction. A spreadsheet may
    have eaten leading zeros; an unknown number contradicts nothing.
#}
{% macro cii_number_differs(given, of_doj, of_court) -%}
    {{ given }} is not null
    and coalesce({{ of_doj }}, {{ of_court }}) is not null
    and ltrim({{ given }}, '0') <> ltrim(coalesce({{ of_doj }}, {{ of_court }}), '0')
    and ltrim({{ given }}, '0') <> ltrim(coalesce({{ of_court }}, {{ of_doj }}), '0')
{%- endmacro %}


{# The order in which decisions about one thing are read: the latest day first, then the newest file, then its last row. #}
{% macro latest_decision_first() -%}
    decision_date desc nulls last, as_of_date desc, landed_at desc, delivery_id desc, row_no desc
{%- endmacro %}
