{# A county's name in the form in which counties are compared, as in landing: `Orange County` and `COUNTY OF ORANGE` are
ORANGE. #}
{% macro county_of(name) -%}
    regexp_replace(
        trim(regexp_replace(upper({{ name }}), '\s+', ' ', 'g')), '^COUNTY OF | COUNTY$', '', 'g'
    )
{%- endmacro %}


{# The county whose convictions are evaluated. #}
{% macro evaluated_county() -%}
    {{ county_of("'" ~ (var("county") | replace("'", "''")) ~ "'") }}
{%- endmacro %}


{# The name of the county and a blank, if it is not the evaluated county; empty for the evaluated county, and without a
county. #}
{% macro another_countys_name(county_name='county_name') -%}
    case
        when coalesce({{ county_name }}, {{ evaluated_county() }}) = {{ evaluated_county() }} then ''
        else {{ county_name }} || ' '
    end
{%- endmacro %}


{# Our word for a word of another layout's file, if that layout defines one; else the word of the file. #}
{% macro our_word(column) -%}
    coalesce(our_{{ column }}, {{ clean_text(column) }})
{%- endmacro %}


{#
    Rows of a court table with the county and layout of their delivery. For each word column, our_<column> is our word
    as the layout defines it, NULL where it defines none. One row per row of the table.
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
                and upper(
                    regexp_replace(
                        {{ without_point_zero('trim(source_rows.' ~ column ~ ')') }}, '[ ]+', ' ', 'g'
                    )
                ) = words_of_{{ column }}.file_value
    {% endfor %}
{% endmacro %}


{#
    A court's date: YYYY-MM-DD, MM/DD/YYYY or YYYYMMDD, with or without a time of day. Anything else, and a day that
    does not exist, is NULL.
#}
{% macro parse_court_date(column) -%}
    {%- set text = without_time_of_day(column) -%}
    coalesce(
        {{ parse_certain_date(column) }},
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
