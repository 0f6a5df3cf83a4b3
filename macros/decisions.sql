{#
    Why a row of a decisions file is not applied, judged by the row alone; NULL where it may be applied. A row of the
    worklist that nobody filled in is not a fault. `is_type_known`, `is_verdict_known`: whether there is such a type,
    and whether it has such a
    verdict. `as_of_date`: the as-of date of its file. A later day is a typing error, and would override every later
    decision.
#}
{% macro decision_status(of, is_type_known, is_verdict_known, as_of_date) -%}
    case
        when
            coalesce(
                {{ of }}.verdict,
                {{ of }}.attorney,
                {{ of }}.decision_date_raw,
                {{ of }}.legal_ground,
                {{ of }}.ground
            ) is null
            then 'not_filled_in'
        when not {{ is_type_known }} then 'type_unknown'
        when not {{ is_verdict_known }} and {{ of }}.verdict is not null then 'verdict_unknown'
        when
            {{ of }}.verdict is null
            or {{ of }}.decision_date_raw is null
            or not {{ names_somebody(of ~ '.attorney') }}
            then 'incomplete'
        when {{ of }}.decision_date is null then 'date_unreadable'
        when {{ of }}.decision_date > {{ as_of_date }} then 'in_the_future'
    end
{%- endmacro %}


{# Whether a text can be the name or number of a person; a dash, a tab or invisible characters cannot. #}
{% macro names_somebody(column) -%} coalesce(regexp_matches({{ column }}, '[\pL\pN]'), false) {%- endmacro %}


{# The column in which the problem named by decision_status must be corrected. `of`: a prefix of the names of the
decision's columns. #}
{% macro decision_fault_column(status, of='') -%}
    case {{ status }}
        when 'type_unknown' then 'decision_type'
        when 'verdict_unknown' then 'verdict'
        when 'incomplete'
            then case
                when {{ of }}verdict is null then 'verdict'
                when not {{ names_somebody(of ~ 'attorney') }} then 'attorney'
                else 'decision_date'
            end
        when 'date_unreadable' then 'decision_date'
        when 'in_the_future' then 'decision_date'
        when 'policy_unknown' then 'policy_id'
        when 'not_evaluated' then 'policy_id'
    end
{%- endmacro %}


{# A legal ground in one form for every spelling: `11361.8 Legal Invalidity` and `h&s 11361.8 legal invalidity` are the
same. #}
{% macro coded_ground(column) -%}
    regexp_replace({{ coded_text(column) }}, '^1', 'h_s_1')
{%- endmacro %}


{#
    Whether the CII number of a row differs from all CII numbers that the files give for the conviction. A spreadsheet
    may have removed leading zeros; an unknown number contradicts nothing.
#}
{% macro cii_number_differs(given, of_doj, of_court) -%}
    {{ given }} is not null
    and coalesce({{ of_doj }}, {{ of_court }}) is not null
    and ltrim({{ given }}, '0') <> ltrim(coalesce({{ of_doj }}, {{ of_court }}), '0')
    and ltrim({{ given }}, '0') <> ltrim(coalesce({{ of_court }}, {{ of_doj }}), '0')
{%- endmacro %}


{#
    The first number of a row that its conviction does not have, NULL where all agree. `given`: a row of
    int_identity__names_given; `doj` and `court`: rows of int_identity__held_numbers, either of which may be missing. A
    number that a file does not have contradicts nothing. `is_subject_known`: the row itself is named, or the files
    contain the SUBJECT_ID. An earlier file may have given the person another SUBJECT_ID; then the CII number decides.
#}
{% macro differing_column(given, doj, court, is_subject_known) -%}
    case
        when {{ cii_number_differs(given ~ '.cii_number', doj ~ '.cii_number', court ~ '.cii_number') }} then 'cii_number'
        when
            {{ given }}.subject_id is not null
            and {{ doj }}.subject_ids is not null
            and ({{ is_subject_known }} or coalesce(ltrim({{ given }}.cii_number, '0') <> ltrim({{ doj }}.cii_number, '0'), true))
            and not contains({{ doj }}.subject_ids, ';' || {{ unpadded_number(given ~ '.subject_id') }} || ';')
            and not ({{ is_same_number(given ~ '.subject_id', doj ~ '.subject_id') }})
            then 'subject_id'
        when
            {{ given }}.count_order is not null
            and {{ doj }}.count_order is not null
            and not ({{ is_same_number(given ~ '.count_order', doj ~ '.count_order') }})
            then 'cnt_order'
        when
            {{ given }}.case_number is not null
            and coalesce({{ court }}.case_numbers, {{ doj }}.case_numbers) is not null
            and not contains(
                coalesce({{ court }}.case_numbers, '') || coalesce({{ doj }}.case_numbers, ''),
                ';' || {{ given }}.case_number || ';'
            )
            then 'case_number'
        when {{ given }}.defendant_number <> coalesce({{ court }}.defendant_number, {{ doj }}.defendant_number)
            then 'defendant_number'
        when
            {{ given }}.count_number is not null
            and {{ court }}.count_number is not null
            and not ({{ is_same_number(given ~ '.count_number', court ~ '.count_number') }})
            then 'count_number'
    end
{%- endmacro %}


{#
    Whether the row that a decision names belongs to another count than the conviction that its other numbers find. This
    includes a row of a delivery in use that has no count. `record`: a row of int_identity__record_rows, missing where
    the named row has no count.
#}
{% macro record_differs(record, doj, court, record_delivery) -%}
    (
        ({{ record }}.naming_key is not null or coalesce({{ record_delivery }}.status = 'landed', false))
        and not coalesce(
            {{ unpadded_number(record ~ '.subject_id') }} = {{ unpadded_number(doj ~ '.subject_id') }}
            and {{ unpadded_number(record ~ '.count_order') }} = {{ unpadded_number(doj ~ '.count_order') }},
            false
        )
        and not coalesce(
            ';' || {{ record }}.case_number || ';' = {{ court }}.case_numbers
            and coalesce({{ record }}.count_number = {{ court }}.count_number, true),
            false
        )
    )
{%- endmacro %}


{# The order in which decisions about one thing are read: the latest day first, then the newest file, then its last row. #}
{% macro latest_decision_first() -%}
    decision_date desc nulls last, as_of_date desc, landed_at desc, delivery_id desc, row_no desc
{%- endmacro %}
