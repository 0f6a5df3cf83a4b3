{# The text without surrounding spaces; NULL if it is then empty or the literal NULL. #}
{% macro clean_text(column) -%}
    case when trim({{ column }}) = '' or upper(trim({{ column }})) = 'NULL' then null else trim({{ column }}) end
{%- endmacro %}


{# True where the text has content; ` - ` and the literal NULL are fillers. NULL for NULL. #}
{% macro has_content(column) -%}
    trim(both ' -' from {{ column }}) not in ('', 'NULL', 'null')
{%- endmacro %}


{# The trimmed text where it has content, else NULL. #}
{% macro content(column) -%}
    case when {{ has_content(column) }} then trim({{ column }}) end
{%- endmacro %}


{#
    A part (code, toc, qual_lst) of the offense of conviction, from the columns that name that offense; if none does,
    from whichever columns have the part. Reads the column convicted_offense_source.
#}
{% macro of_convicted_offense(part) -%}
    case
        when convicted_offense_source = 'DISP_OFFENSE' then {{ content(plain_number('disp_offense_' ~ part)) }}
        when convicted_offense_source = 'CONV_OFFENSE' then {{ content(plain_number('conv_offense_' ~ part)) }}
        else coalesce(
            {{ content(plain_number('conv_offense_' ~ part)) }}, {{ content(plain_number('disp_offense_' ~ part)) }}
        )
    end
{%- endmacro %}


{#
    A text without the time of day at its end, as databases export dates: the written day counts, whatever the zone. A
    text that is not a time of day is kept, including 24:00, which belongs to the next day. expectations/landed.yml has
    the same expression.
#}
{% macro without_time_of_day(column) -%}
    case
        when length(trim({{ column }})) <= 10 then trim({{ column }})
        else regexp_replace(trim({{ column }}), '{{ time_of_day() }}', '', 'i')
    end
{%- endmacro %}


{# The regular expression of a time of day after a date: T08:30, 08:30:00.123Z, 8:30 a.m., T083000, 08:30:00 +00:00. #}
{% macro time_of_day() -%}
    (T|[ ]+)(([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]+)?)?([ ]*[AP][.]?M[.]?)?|([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9])?)[ ]*(Z|UTC|GMT|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?$
{%- endmacro %}


{#
    A calendar date from YYYYMMDD, with or without a time of day. Missing, partial (YYYY0000) and impossible dates are
    NULL, never a guess.
#}
{% macro parse_yyyymmdd(column) -%}
    {%- set text = without_time_of_day(column) -%}
    case
        when regexp_matches({{ text }}, '^[0-9]{8}([.]0+)?$') and substr({{ text }}, 1, 4) <> '0000'
            then try_cast(
                substr({{ text }}, 1, 4) || '-' || substr({{ text }}, 5, 2) || '-' || substr({{ text }}, 7, 2) as date
            )
    end
{%- endmacro %}


{# A calendar date from YYYY-MM-DD, with or without a time of day, else NULL. #}
{% macro parse_iso_date(column) -%}
    {%- set text = without_time_of_day(column) -%}
    case
        when regexp_matches({{ text }}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') and substr({{ text }}, 1, 4) <> '0000'
            then try_cast({{ text }} as date)
    end
{%- endmacro %}


{# A number in one form for every spelling: `007`, `7.0` and ` 7 ` are 7, `a012` is A012. #}
{% macro unpadded_number(column) -%}
    regexp_replace(upper({{ plain_number(column) }}), '^0+([^0].*|0)$', '\1')
{%- endmacro %}


{# A number without the zeros before its first other digit: `0012` is 12, `BA012` is BA12. #}
{% macro without_leading_zeros(column) -%}
    regexp_replace({{ column }}, '^([^0-9]*)0+([0-9])', '\1\2')
{%- endmacro %}


{# Whether two numbers are equal up to their spelling: a spreadsheet may have removed leading zeros or added decimals.
#}
{% macro is_same_number(given, held) -%}
    {{ unpadded_number(given) }} = {{ unpadded_number(held) }}
{%- endmacro %}


{# The shape of a date as a spreadsheet writes it, `3/1/2024` or `3-1-2024`. Dates with dots or two-digit years are
never read. #}
{% macro slash_date_shape() -%} '^[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4}$' {%- endmacro %}


{# A part of such a date as a number: the first (1), the second (2) or the year (3). #}
{% macro slash_date_part(text, part) -%}
    try_cast(split_part(replace({{ text }}, '-', '/'), '/', {{ part }}) as integer)
{%- endmacro %}


{#
    Which part of a delivery's dates is the month, one row per delivery whose column has dates such as `3/1/2024`: the first
    where the second part of some date is over 12 and the first part of none, `day_first` the other way round, else NULL.
#}
{% macro date_orders(relation, column) -%}
    {%- set text = without_time_of_day(column) -%}
    select
        delivery_id,
        case
            when max(second_part) > 12 and max(first_part) <= 12 then 'month_first'
            when max(first_part) > 12 and max(second_part) <= 12 then 'day_first'
        end as date_order
    from (
        select
            delivery_id,
            {{ slash_date_part(text, 1) }} as first_part,
            {{ slash_date_part(text, 2) }} as second_part
        from {{ relation }}
        where {{ column }} not like '____-__-__%' and regexp_matches({{ text }}, {{ slash_date_shape() }})
    ) as slash_dates
    group by delivery_id
{%- endmacro %}


{#
    A calendar date from `3/1/2024`, if the other dates in the column of its delivery show which part is the month
    (`date_order`, see date_orders), or the date itself does: 3/15/2024 and 3/3/2024 can be read in one way only. Else
    NULL.
#}
{% macro parse_slash_date(column, date_order) -%}
    {%- set text = without_time_of_day(column) -%}
    {%- set first = slash_date_part(text, 1) -%}
    {%- set second = slash_date_part(text, 2) -%}
    case
        when not regexp_matches({{ text }}, {{ slash_date_shape() }}) or right({{ text }}, 4) = '0000' then null
        when {{ date_order }} = 'month_first' or {{ second }} > 12 or {{ first }} = {{ second }}
            then try_cast(
                right({{ text }}, 4) || '-' || lpad(cast({{ first }} as varchar), 2, '0') || '-'
                || lpad(cast({{ second }} as varchar), 2, '0') as date
            )
        when {{ date_order }} = 'day_first' or {{ first }} > 12
            then try_cast(
                right({{ text }}, 4) || '-' || lpad(cast({{ second }} as varchar), 2, '0') || '-'
                || lpad(cast({{ first }} as varchar), 2, '0') as date
            )
    end
{%- endmacro %}


{# A calendar date in either form that can be read in one way only, with or without a time of day; else NULL. #}
{% macro parse_certain_date(column) -%}
    coalesce({{ parse_yyyymmdd(column) }}, {{ parse_iso_date(column) }})
{%- endmacro %}


{#
    Whole years from one date to a later one, as the published rules count them: a birthday or anniversary of
    29 February falls on 1 March in other years. Negative when the second date is the earlier one.
    `anchor` names the date whose month and day the anniversary is counted from: 'from' (birth date + n years)
    or 'to' (evaluation date - n years).
#}
{% macro whole_years_between(from_date, to_date, anchor='from') -%}
    (
        date_part('year', {{ to_date }}) - date_part('year', {{ from_date }})
        - case
            when
                {%- if anchor == 'to' %}
                {# 29 February - n years is 1 March where the earlier year has no 29 February. #}
                date_part('month', {{ from_date }}) * 100 + date_part('day', {{ from_date }})
                > case
                    when
                        date_part('month', {{ to_date }}) = 2 and date_part('day', {{ to_date }}) = 29
                        and not (
                            date_part('year', {{ from_date }}) % 4 = 0
                            and (date_part('year', {{ from_date }}) % 100 <> 0 or date_part('year', {{ from_date }}) % 400 = 0)
                        ) then 301
                    else date_part('month', {{ to_date }}) * 100 + date_part('day', {{ to_date }})
                end
                {%- else %}
                date_part('month', {{ from_date }}) * 100 + date_part('day', {{ from_date }})
                > date_part('month', {{ to_date }}) * 100 + date_part('day', {{ to_date }})
                {%- endif %}
                then 1
            else 0
        end
    )
{%- endmacro %}


{# A date as the number YYYYMMDD, the form of a rule's threshold. #}
{% macro as_yyyymmdd(column) -%}
    date_part('year', {{ column }}) * 10000 + date_part('month', {{ column }}) * 100 + date_part('day', {{ column }})
{%- endmacro %}


{# A word of a code list in one form for every spelling: `Not eligible` and `NOT-ELIGIBLE` are not_eligible. NULL where
empty. #}
{% macro coded_text(column) -%}
    nullif(trim(both '_' from regexp_replace(lower({{ clean_text(column) }}), '[^a-z0-9]+', '_', 'g')), '')
{%- endmacro %}
