{#
    Why a row of a decisions file decides nothing, by itself: NULL where it may decide. A row of the worklist that nobody
    filled in is no fault. `is_verdict_known`: whether its type has such a verdict.
#}
{% macro decision_status(of, is_verdict_known) -%}
    case
        when {{ of }}.verdict is null and {{ of }}.attorney is null and {{ of }}.decision_date_raw is null
            then 'not_filled_in'
        when not {{ is_verdict_known }} and {{ of }}.verdict is not null then 'verdict_unknown'
        when {{ of }}.verdict is null or {{ of }}.attorney is null or {{ of }}.decision_date is null then 'incomplete'
    end
{%- endmacro %}


{# The order in which decisions about one thing are read: the latest day first, then the newest file, then its last row. #}
{% macro latest_decision_first() -%}
    decision_date desc nulls last, as_of_date desc, landed_at desc, delivery_id desc, row_no desc
{%- endmacro %}
