{# A county's name as counties are compared, as landing has it too: `Orange County` and `COUNTY OF ORANGE` are ORANGE. #}
{% macro county_of(name) -%}
    regexp_replace(
        trim(regexp_replace(upper({{ name }}), '\s+', ' ', 'g')), '^COUNTY OF | COUNTY$', '', 'g'
    )
{%- endmacro %}


{# The county whose convictions are evaluated. #}
{% macro evaluated_county() -%}
    {{ county_of("'" ~ (var("county") | replace("'", "''")) ~ "'") }}
{%- endmacro %}


{#
    A court's case number among those of several counties: another county's than the evaluated one's is written before
    it, so that two courts may use one number.
#}
{% macro county_case_number(case_number, county_name) -%}
    case
        when coalesce({{ county_name }}, {{ evaluated_county() }}) = {{ evaluated_county() }} then {{ case_number }}
        else {{ county_name }} || ' ' || {{ case_number }}
    end
{%- endmacro %}


{# Our word for what a file of another layout writes, where its layout says one; else what it writes. #}
{% macro our_word(column) -%}
    coalesce(our_{{ column }}, {{ clean_text(column) }})
{%- endmacro %}


{#
    Rows of a court table with county and layout of their delivery, and the layout's words for its word columns, one row
    per row: our_<column>, NULL where the layout says nothing.
#}
{% macro court_rows(table, word_columns) %}
    select
        source_rows.*,
        deliveries.county_name
        {% for column in word_columns %}
            , {{ 'words_of_' ~ column }}.our_value as our_{{ column }}
        {% endfor %}
    from {{ source('la_court', table) }} as source_rows
    left join {{ ref('stg_landing__deliveries') }} as deliveries on source_rows.delivery_id = deliveries.delivery_id
    {% for column in word_columns %}
        left join {{ source('landing', 'layout_values') }} as words_of_{{ column }}
            on
                deliveries.layout = words_of_{{ column }}.layout
                and words_of_{{ column }}.table_name = '{{ table }}'
                and words_of_{{ column }}.column_name = '{{ column }}'
                and upper(regexp_replace(trim(source_rows.{{ column }}), '[ ]+', ' ', 'g')) = words_of_{{ column }}.file_value
    {% endfor %}
{% endmacro %}


{# A text without the time of day at its end, as databases export dates. Midnight at the end of a day is left: it is the next. #}
{% macro without_time_of_day(column) -%}
    regexp_replace(
        trim({{ column }}),
        '(T|[ ]+)([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?[ ]*([AP][.]?M[.]?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$',
        '',
        'i'
    )
{%- endmacro %}


{#
    A court's date: YYYY-MM-DD, MM/DD/YYYY or YYYYMMDD, with or without a time of day. Anything else, and a day that is
    none, is NULL.
#}
{% macro parse_court_date(column) -%}
    {%- set text = without_time_of_day(column) -%}
    coalesce(
        {{ parse_iso_date(text) }},
        {{ parse_yyyymmdd(text) }},
        case
            when regexp_matches({{ text }}, '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$') and right({{ text }}, 4) <> '0000'
                then try_cast(
                    split_part({{ text }}, '/', 3)
                    || '-'
                    || lpad(split_part({{ text }}, '/', 1), 2, '0')
                    || '-'
                    || lpad(split_part({{ text }}, '/', 2), 2, '0') as date
                )
        end
    )
{%- endmacro %}
