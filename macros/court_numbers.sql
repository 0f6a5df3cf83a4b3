{#
    A court case number without its spelling: `BA 123456-02` and `ba123456` are BA123456.
    The defendant suffix (a hyphen and two or three digits at the end) is taken off, then everything but letters and digits.
    Empty text and the literal NULL are NULL.
#}
{% macro normalize_case_number(column) -%}
    nullif(
        nullif(
            regexp_replace(
                regexp_replace(upper(trim({{ column }})), '[ ]*-[ ]*[0-9]{2,3}$', ''), '[^A-Z0-9]', '', 'g'
            ),
            ''
        ),
        'NULL'
    )
{%- endmacro %}


{# The defendant suffix of a case number (`BA123456-02` and `BA123456-002`: 02), NULL where the number has none. #}
{% macro defendant_suffix(column) -%}
    nullif(right(regexp_extract(trim({{ column }}), '[A-Za-z0-9][ ]*-[ ]*([0-9]{2,3})$', 1), 2), '')
{%- endmacro %}


{# A defendant number as two digits (`2`, `02` and `002`: 02); NULL where it is no number. #}
{% macro normalize_defendant_number(column) -%}
    case
        when regexp_matches(trim({{ column }}), '^0*[0-9]{1,2}$')
            then lpad(cast(cast(trim({{ column }}) as bigint) as varchar), 2, '0')
    end
{%- endmacro %}


{# A count number without leading zeros (`1`, `01`: 1); other text as it is, NULL where empty. #}
{% macro normalize_count_number(column) -%}
    case
        when regexp_matches(trim({{ column }}), '^[0-9]{1,9}$')
            then cast(cast(trim({{ column }}) as bigint) as varchar)
        else {{ clean_text(column) }}
    end
{%- endmacro %}


{# A name as two sources can be compared by it: upper case, letters only, one space for anything between. #}
{% macro comparable_name(column) -%}
    nullif(trim(regexp_replace(upper({{ column }}), '[^A-Z]+', ' ', 'g')), '')
{%- endmacro %}


{# True for the shape of a juvenile's case, two letters of which the second is J and five digits: VJ12345. #}
{% macro is_juvenile_case_number(case_number) -%}
    regexp_matches({{ case_number }}, '^[A-Z]J[0-9]{5}$')
{%- endmacro %}


{# True where two numbers are one slip of the pen apart: one character changed, left out, added or two exchanged. #}
{% macro one_edit_apart(left_number, right_number) -%}
    damerau_levenshtein({{ left_number }}, {{ right_number }}) = 1
{%- endmacro %}


{#
    The digits by which a case number is known without its letters: the O typed for a 0 read as one, leading zeros left
    out. NULL where fewer than four are left.
#}
{% macro case_number_digits(case_number) -%}
    nullif(regexp_extract(ltrim(regexp_extract(replace({{ case_number }}, 'O', '0'), '[0-9]+$'), '0'), '^[0-9]{4,}$'), '')
{%- endmacro %}
