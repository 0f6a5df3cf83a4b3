{# Every abbreviation of a code in the DOJ's offense-code table of 2022-04-15, and two that agencies write (ED, CN). #}
{% set codes = '(PC|VC|HS|BP|US|CA|FG|WI|EL|HN|GC|LC|EC|RT|PR|PU|IC|UI|FA|CI|FC|CC|CP|WC|ZZ|SH|MV|ED|CN)' %}

with charges as (

    select
        charge_text,
        code_section_text
    from {{ ref('int_charges__parsed') }}

),

heads as (

    select
        charge_text,
        -- `664-11359 HS`: the section stands after the hyphen.
        upper(trim(
            case
                when regexp_matches(trim(code_section_text), '^(664|182)([(][A-Za-z0-9]+[)])*( ?PC)?/?$')
                    then charge_text
                else code_section_text
            end
        )) as head
    from charges

),

-- Codes in two letters; words of three letters and more are a description and are cut off.
without_words as (

    select
        charge_text,
        trim(
            regexp_replace(
                replace(replace(replace(replace(head, 'H & S', 'HS'), 'H&S', 'HS'), 'B&P', 'BP'), 'W&I', 'WI'),
                ' [A-Z][A-Z][A-Z].*$', ''
            )
        ) as section_text
    from heads

),

-- `664.11357` and `66411357`: the attempt is a section of its own.
with_attempt as (

    select
        charge_text,
        case
            when regexp_matches(section_text, '^664[.]?[0-9][0-9][0-9]')
                then '664/' || ltrim(substr(section_text, 4), '.')
            else section_text
        end as section_text
    from without_words

),

with_code as (

    select
        charge_text,
        coalesce(
            nullif(regexp_extract(section_text, '{{ codes }}$', 1), ''),
            nullif(regexp_extract(section_text, '^{{ codes }} ?[0-9]', 1), '')
        ) as code_type,
        -- The sections with their subdivisions, no code and no spaces: 11357(B)2, 664/11357(C).
        replace(
            regexp_replace(regexp_replace(section_text, ' ?{{ codes }}$', ''), '^{{ codes }} ?', ''), ' ', ''
        ) as sections
    from with_attempt

),

numbered as (

    select
        charge_text,
        code_type,
        -- Numbers that begin at the start or after a sign: the 2 of 11357(B)2 and of 11357B2 is none.
        nullif(
            array_to_string(
                list_sort(
                    regexp_extract_all(
                        regexp_replace(sections, '[(][^)]*[)][A-Z0-9]*', '', 'g'),
                        '(^|[^A-Z0-9.])([0-9]+([.][0-9]+)?)', 2
                    )
                ), '/'
            ), ''
        ) as section_numbers,
        nullif(
            trim(
                regexp_replace(
                    regexp_replace(sections, '(^|[^A-Z0-9.()])[0-9]+([.][0-9]+)?', '/', 'g'), '[^A-Z0-9/]', '', 'g'
                ), '/'
            ), ''
        ) as subdivisions
    from with_code

),

final as (

    select
        charge_text,
        -- Without a number there is no section, and letters are words.
        case when section_numbers is not null then code_type end as code_type,
        section_numbers,
        case when section_numbers is not null then subdivisions end as subdivisions
    from numbered

)

select * from final
