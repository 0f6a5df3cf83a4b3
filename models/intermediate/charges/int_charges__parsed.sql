{# Abbreviations of codes other than Health and Safety. #}
{% set other_codes = '(PC|VC|BP|WI|FA|GC|LC|MC|MV|US|FG|CC|HN|IC|RT|UI|PR|SH|ED|EL)' %}
{# Those that make a number before them a section even among words. #}
{% set main_codes = '(HS|PC|VC|BP|WI|GC|LC|FG|MV)' %}
{# Those that are no words of a description behind a hyphen. #}
{% set codes_behind_hyphen = '(PC|VC|BP|WI|GC|LC|FG|MV|MC)' %}
{% set letters = '([(]?[A-E][)]?[(]?[0-9]?[)]?[A-E]?)' %}
{# A subdivision: s stands for one in parentheses, others are written without: 11357B2, 11360A3D, 11357(B)2. #}
{% set subdivisions = 's*[A-Z]?[0-9]?[A-Z]?' %}

with charge_texts as (

    select charge_text from {{ ref('stg_ca_doj__criminal_history_rows') }}
    where charge_text is not null
    union
    select convicted_charge_text from {{ ref('stg_ca_doj__criminal_history_rows') }}
    where convicted_charge_text is not null
    union
    select convicted_statute from {{ ref('stg_la_court__counts') }}
    where convicted_statute is not null
    union
    select charged_statute from {{ ref('stg_la_court__counts') }}
    where charged_statute is not null

),

code_sections as (

    select
        charge_text,
        -- The published reading: the text before the first hyphen, untrimmed.
        split_part(charge_text, '-', 1) as code_section_text,
        upper(trim(split_part(charge_text, '-', 1))) as head,
        upper(trim(charge_text)) as whole
    from charge_texts

),

readable as (

    select
        charge_text,
        code_section_text,
        -- `664-11359 HS`: the section stands after the hyphen.
        case
            when regexp_matches(head, '^(664|182)([(][A-Z0-9]+[)])*( ?PC)?/?$') then whole
            -- `11357-PC`: the code stands behind the hyphen, and nothing but the section before it.
            when
                regexp_matches(
                    {{ plain_codes('whole') }},
                    '^[0-9.]+ ?{{ letters }}? ?- ?{{ letters }}?[ ,:/-]*{{ codes_behind_hyphen }}([^A-Z]|$)'
                )
                then regexp_replace({{ plain_codes('whole') }}, ' ?- ?', ' ', 'g')
            else head
        end as head,
        regexp_matches(head, '^664([(][A-Z0-9]+[)])*( ?PC)?/?$') as is_section_behind_hyphen,
        head = '' as is_blank
    from code_sections

),

-- Codes in two letters, and s for each subdivision in parentheses: section numbers, codes and words stay.
plain as (

    select
        *,
        regexp_replace(with_codes, '[(] ?[A-Z]?[0-9]?[0-9]?[A-Z]? ?[)]', 's', 'g') as numbers
    from (select *, {{ plain_codes('head') }} as with_codes from readable)

),

marked as (

    select
        *,
        regexp_matches(numbers, '(^|[^0-9.])664([^0-9]|$|1135[789]|11360|1153[01])') as has_attempt,
        regexp_matches(numbers, '(^|[^0-9.])182([^0-9.]|[.]?$)') as has_conspiracy,
        -- `664.11357` and `66411357`: the attempt is taken off before the section is read.
        regexp_replace(numbers, '(^|[^0-9.])664[.]?', ' ') as charge,
        regexp_replace(with_codes, '(^|[^0-9.])664[.]?', ' ') as charge_with_subdivisions
    from plain

),

-- A section counts where it stands as a number of its own and is not followed, or introduced, by another code.
named as (

    select
        *,
        {{ names_cannabis_section('charge', '11357', other_codes) }} as names_11357,
        {{ names_cannabis_section('charge', '11358', other_codes) }} as names_11358,
        {{ names_cannabis_section('charge', '11359', other_codes) }} as names_11359,
        {{ names_cannabis_section('charge', '11360', other_codes) }} as names_11360,
        {{ names_cannabis_section('charge', '11530', other_codes) }} as names_11530,
        {{ names_cannabis_section('charge', '11530.1', other_codes) }} as names_11530_1,
        {{ names_cannabis_section('charge', '11530.5', other_codes) }} as names_11530_5,
        {{ names_cannabis_section('charge', '11531', other_codes) }} as names_11531
    from marked

),

counted as (

    select
        *,
        cast(names_11357 as integer) + cast(names_11358 as integer) + cast(names_11359 as integer)
        + cast(names_11360 as integer) as prop_64_count,
        cast(names_11530 as integer) + cast(names_11530_1 as integer) + cast(names_11530_5 as integer)
        + cast(names_11531 as integer) as predecessor_count,
        -- With its own sections masked as #: is there a number left that is a section?
        {{ mask_cannabis_sections('charge') }} as rest
    from named

),

classified as (

    select
        *,
        prop_64_count > 0 as is_prop_64,
        prop_64_count = 0 and predecessor_count > 0 as is_prop_64_predecessor,
        regexp_matches(rest, '([0-9][0-9.]|[0-9][.][0-9])s*[A-Z]?? ?{{ main_codes }}([^A-Z]|$)')
        or regexp_matches(rest, '#.*[^A-Z]{{ main_codes }}[ :.]*[0-9]{3}')
        or regexp_matches(rest, '#[A-Z]? ?(HS)? ?[/+&,] ?[0-9][0-9]')
        or regexp_matches(rest, '[0-9][0-9.]*{{ subdivisions }} ?[/+&,] ?#') as names_another_section
    from counted

),

with_flags as (

    select
        *,
        is_prop_64 or is_prop_64_predecessor as is_cannabis,
        (is_prop_64 or is_prop_64_predecessor)
        and (prop_64_count + predecessor_count > 1 or names_another_section) as is_two_sections
    from classified

),

final as (

    select
        charge_text,
        code_section_text,
        coalesce(
            nullif(regexp_extract(charge, '[0-9]s*[A-Z]?[0-9]?[A-Z]?? ?(HS|{{ other_codes }})([^A-Z]|$)', 1), ''),
            nullif(regexp_extract(charge, '^ *(HS|{{ other_codes }}) ?[0-9]', 1), '')
        ) as code_type,
        case
            when has_attempt or has_conspiracy or is_two_sections then null
            when names_11357 then '11357'
            when names_11358 then '11358'
            when names_11359 then '11359'
            when names_11360 then '11360'
            when names_11530_1 then '11530.1'
            when names_11530_5 then '11530.5'
            when names_11530 then '11530'
            when names_11531 then '11531'
        end as section,
        nullif(
            regexp_extract(
                charge_with_subdivisions,
                '(1135[789]|11360|11530[.][15]|1153[01]) ?[(]?([A-E])([)0-9 ]|[A-E]?[0-9]?[A-E]?HS|$)', 2
            ), ''
        ) as subdivision,
        is_prop_64,
        is_prop_64_predecessor,
        is_cannabis and has_attempt as is_attempt,
        is_cannabis and has_attempt and is_section_behind_hyphen as is_attempt_lost,
        is_cannabis and has_conspiracy as is_conspiracy,
        is_two_sections,
        is_cannabis and names_another_section as names_another_section,
        -- What a careless reading takes for one of the four sections, or a reader might.
        not is_cannabis and regexp_matches(charge, '1135[789]|11360|(^|[^0-9])(11361|11362|11532)') as is_look_alike,
        is_blank,
        names_11357,
        names_11358,
        names_11359,
        names_11360,
        regexp_matches(code_section_text, '^11357[(][AB][)]') as starts_11357_a_or_b,
        substr(code_section_text, 1, 5) as first_five_characters
    from with_flags

),

with_offense as (

    select
        *,
        case
            when section is not null then section
            when is_blank or is_prop_64 or is_prop_64_predecessor then 'unknown'
            else 'other'
        end as offense
    from final

)

select * from with_offense
