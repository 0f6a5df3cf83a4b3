{#
    A number as it was before a spreadsheet or a data frame changed it. `1.0`, `01.00` and `BA103001.0` lose the point
    and its zeros; `'01` and `="01"` lose the marks that make a cell a text. A number written as a power of ten
    (1.01E+11) has lost digits and is NULL. Everything else, including `1,234` and `1.5`, is the trimmed text; leading
    zeros are kept.
#}
{% macro plain_number(column) -%}
    case
        when
            {{ column }} not like '%.%' and {{ column }} not like '%''%'
            and {{ column }} not like '%+%' and {{ column }} not like '%=%'
            then trim({{ column }})
        when not {{ is_power_of_ten(column) }}
            then {{ without_point_zero("regexp_replace(trim(" ~ column ~ "), '^(?:''|=\"([^\"]*)\"$)', '\\1')") }}
    end
{%- endmacro %}


{# The text without the point and the zeros at the end of a number: `1.0` is 1 and `BA103001.00` is BA103001; 1.1.0 is
not a number. #}
{% macro without_point_zero(text) -%}
    regexp_replace({{ text }}, '^([A-Za-z0-9 -]*[0-9])[.]0+$', '\1')
{%- endmacro %}


{# True where a number is written as a power of ten, as spreadsheets and data frames write large numbers: 1.01E+11,
1.01E11. #}
{% macro is_power_of_ten(column) -%}
    regexp_matches(
        trim({{ column }}), '^''?[-+]?([0-9]+([.][0-9]*)?[Ee][+][0-9]+|[0-9]+[.][0-9]*[Ee][0-9]+)$'
    )
{%- endmacro %}


{# A CII number in upper case; NULL where it has fewer than five digits. #}
{% macro cii_number(column) -%}
    case when regexp_matches({{ plain_number(column) }}, '[0-9]{5}') then upper({{ plain_number(column) }}) end
{%- endmacro %}


{#
    Rows with the number of their court's case, read by the rule of the court's county (the key `case_numbers` of its
    layouts): case_number_read, without punctuation, and defendant_number_read, its suffix.

    `BA 123456-02` and `ba123456` are BA123456 where the rule has the shape AA999999 and a suffix. A number with none of
    the rule's shapes is kept whole, in upper case and without blanks, so that CR-19-123 and CR-19-124 are two cases.
    `county` is SQL for the county whose rule applies. Without it, the row's county_name applies, or the evaluated
    county where that is unknown; then the name of another county is written before its numbers, so that two courts may
    use the same number. A case has many rows, so each spelling is read once.
#}
{% macro with_case_numbers(relation, column, county=none) %}
    {%- set county_of_row = county or 'coalesce(county_name, ' ~ evaluated_county() ~ ')' %}
    select
        written.*,
        numbers.case_number_read,
        numbers.defendant_number_read
    from {{ relation }} as written
    left join (
        select
            written_number,
            number_county,
            {% if not county %}{{ another_countys_name('number_county') }} || {% endif -%}
            case
                when
                    not regexp_matches(number_text, '[A-Z0-9]')
                    or (number_text like '-%' and regexp_matches(number_text, '^-\s*[0-9]{2,3}$'))
                    then null
                when has_shape then number_joined
                when has_shape_cut then number_cut
                else regexp_replace(number_text, '\s+', '', 'g')
            end as case_number_read,
            case
                when not has_shape and has_shape_cut
                    then {{ normalize_defendant_number("regexp_extract(number_text, '[0-9]+$')") }}
            end as defendant_number_read
        from (
            select
                *,
                {{ has_shape('number_joined', 'shapes') }} as has_shape,
                number_cut is not null and {{ has_shape('number_cut', 'shapes') }} as has_shape_cut
            from (
                select
                    *,
                    {{ joined_number('number_text') }} as number_joined,
                    case
                        when
                            has_defendant_suffix
                            and number_text like '%-%'
                            and regexp_matches(number_text, '[A-Z0-9]\s*-\s*[0-9]{2,3}$')
                            then {{ joined_number("regexp_replace(number_text, '\\s*-\\s*[0-9]{2,3}$', '')") }}
                    end as number_cut
                from (
                    select
                        plain.written_number,
                        plain.number_county,
                        rules.shapes,
                        rules.has_defendant_suffix,
                        case
                            when rules.prefix_pattern is null then upper({{ clean_text('plain.number') }})
                            else regexp_replace(upper({{ clean_text('plain.number') }}), rules.prefix_pattern, '')
                        end as number_text
                    from (
                        select distinct
                            {{ column }} as written_number,
                            {{ plain_number(column) }} as number,
                            {{ county_of_row }} as number_county
                        from {{ relation }}
                        where {{ column }} is not null
                    ) as plain
                    left join {{ ref('stg_landing__case_number_rules') }} as rules
                        on plain.number_county = rules.county_name
                ) as texts
            ) as pieces
        ) as shaped
    ) as numbers
        on written.{{ column }} = numbers.written_number and {{ county_of_row | replace('county_name', 'written.county_name') }} = numbers.number_county
{% endmacro %}


{#
    A number without blanks and without punctuation between a letter and a digit: `BA-123456` is BA123456. Punctuation
    between two digits is kept: 19-123 and 191-23 are two numbers.
#}
{% macro joined_number(text) -%}
    case
        when not regexp_matches({{ text }}, '[^A-Z0-9]') then {{ text }}
        else regexp_replace(
            regexp_replace(
                regexp_replace({{ text }}, '\s+|^[^A-Z0-9]+|[^A-Z0-9]+$', '', 'g'), '([A-Z])[^A-Z0-9]+([0-9])', '\1\2', 'g'
            ),
            '([0-9])[^A-Z0-9]+([A-Z])', '\1\2', 'g'
        )
    end
{%- endmacro %}


{#
    True where the number has one of the shapes. `shapes` is a text with a blank around each shape, in which A is a
    letter and 9 a digit. An O after the last other letter counts as a digit, because it is typed for 0.
#}
{% macro has_shape(number, shapes) -%}
    coalesce(
        contains({{ shapes }}, ' ' || {{ shape_of(number) }} || ' ')
        or (
            {{ number }} like '%O%'
            and contains(
                {{ shapes }},
                ' '
                || {{ shape_of("regexp_extract(" ~ number ~ ", '^.*[A-NP-Z]')") }}
                || {{ shape_of("replace(regexp_extract(" ~ number ~ ", '[^A-NP-Z]*$'), 'O', '0')") }}
                || ' '
            )
        ),
        false
    )
{%- endmacro %}


{# The shape of a number in upper case: A for a letter, 9 for a digit. #}
{% macro shape_of(number) -%}
    translate({{ number }}, 'BCDEFGHIJKLMNOPQRSTUVWXYZ012345678', 'AAAAAAAAAAAAAAAAAAAAAAAAA999999999')
{%- endmacro %}


{# A defendant number as two digits or three (`2`, `02` and `002`: 02; `102`: 102); NULL where the text is not a number. #}
{% macro normalize_defendant_number(column) -%}
    case
        when regexp_matches({{ plain_number(column) }}, '^0*[0-9]{1,2}$')
            then lpad(cast(cast({{ plain_number(column) }} as bigint) as varchar), 2, '0')
        when regexp_matches({{ plain_number(column) }}, '^0*[1-9][0-9]{2}$') then ltrim({{ plain_number(column) }}, '0')
    end
{%- endmacro %}


{# A count number without leading zeros (`1`, `01`, `1.0`: 1); other text as it is, NULL where empty or unreadable. #}
{% macro normalize_count_number(column) -%}
    case
        when regexp_matches({{ plain_number(column) }}, '^[0-9]{1,9}$')
            then cast(cast({{ plain_number(column) }} as bigint) as varchar)
        else {{ clean_text(plain_number(column)) }}
    end
{%- endmacro %}


{# A name in a form that can be compared between two sources: upper case, letters only, one space for anything between.
#}
{% macro comparable_name(column) -%}
    nullif(trim(regexp_replace(upper({{ column }}), '[^A-Z]+', ' ', 'g')), '')
{%- endmacro %}


{# True for the shape of a juvenile's case: two letters, the second a J, and five digits (VJ12345). #}
{% macro is_juvenile_case_number(case_number) -%}
    regexp_matches({{ case_number }}, '^[A-Z]J[0-9]{5}$')
{%- endmacro %}


{# True where two numbers differ by one typing error: one character changed, left out or added, or two exchanged. #}
{% macro one_edit_apart(left_number, right_number) -%}
    damerau_levenshtein({{ left_number }}, {{ right_number }}) = 1
{%- endmacro %}


{#
    The digits that identify a case number without its letters, with the punctuation between them. An O typed for 0 is
    read as 0, and leading zeros are left out. NULL where fewer than four digits remain.
#}
{% macro case_number_digits(case_number) -%}
    nullif(
        regexp_extract(
            ltrim(regexp_extract(replace({{ case_number }}, 'O', '0'), '[^A-Z]*[0-9]$'), ' -0'), '^(?:[0-9][^0-9]*){4,}$'
        ),
        ''
    )
{%- endmacro %}
