{# The other codes' abbreviations, as words of their own. #}
{% set other_codes = '(^|[^A-Z])(PC|VC|BP|WI|FA|GC|LC|MC|MV|US|FG|CC|HN|IC|RT|UI|PR|SH|ED|EL)([^A-Z]|$)' %}

with charge_texts as (

    select charge_text from {{ ref('stg_ca_doj__criminal_history_rows') }}
    where charge_text is not null
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
            when regexp_matches(head, '^(664|182([(][A-Z0-9]+[)])*)( ?PC)?$') then whole
            else head
        end as head,
        regexp_matches(head, '^664( ?PC)?$') as is_section_behind_hyphen,
        head = '' as is_blank
    from code_sections

),

marked as (

    select
        *,
        regexp_matches(head, '(^|[^0-9.])664([^0-9]|1135[789]|11360|1153[01])') as has_attempt,
        regexp_matches(head, '(^|[^0-9.])182([^0-9.]|[.]?$)') as has_conspiracy,
        -- `664.11357(c)` and `66411357(c)`: the attempt is taken off before the section is read.
        regexp_replace(head, '(^|[^0-9.])664[.]?', ' ') as charge
    from readable

),

sections as (

    select
        *,
        {{ names_section('charge', '11357') }} as names_11357,
        {{ names_section('charge', '11358') }} as names_11358,
        {{ names_section('charge', '11359') }} as names_11359,
        {{ names_section('charge', '11360') }} as names_11360,
        {{ names_section('charge', '11530') }} as names_11530,
        {{ names_section('charge', '11530.5') }} as names_11530_5,
        {{ names_section('charge', '11531') }} as names_11531,
        case
            when regexp_matches(charge, 'HS|H&S|H & S') then 'HS'
            when regexp_matches(charge, 'B&P') then 'BP'
            when regexp_matches(charge, 'W&I') then 'WI'
            else nullif(regexp_extract(charge, '{{ other_codes }}', 2), '')
        end as code_type
    from marked

),

counted as (

    select
        *,
        cast(names_11357 as integer) + cast(names_11358 as integer) + cast(names_11359 as integer)
        + cast(names_11360 as integer) as prop_64_sections,
        cast(names_11530 as integer) + cast(names_11530_5 as integer) + cast(names_11531 as integer)
            as predecessor_sections,
        -- A conspiracy or an attempt is charged under the Penal Code and names the Health and Safety section.
        coalesce(code_type, 'HS') = 'HS' or has_conspiracy or has_attempt as is_code_type_possible
    from sections

),

classified as (

    select
        *,
        prop_64_sections > 0 and is_code_type_possible as is_prop_64,
        prop_64_sections = 0 and predecessor_sections > 0 and is_code_type_possible as is_prop_64_predecessor
    from counted

),

final as (

    select
        charge_text,
        code_section_text,
        code_type,
        case
            when has_attempt or has_conspiracy or not is_code_type_possible then null
            when prop_64_sections + predecessor_sections <> 1 then null
            when names_11357 then '11357'
            when names_11358 then '11358'
            when names_11359 then '11359'
            when names_11360 then '11360'
            when names_11530_5 then '11530.5'
            when names_11530 then '11530'
            when names_11531 then '11531'
        end as section,
        nullif(
            regexp_extract(charge, '(1135[789]|11360|11530[.]5|1153[01]) ?[(]?([A-E])([)0-9 ]|[A-E]?[0-9]?HS|$)', 2), ''
        ) as subdivision,
        is_prop_64,
        is_prop_64_predecessor,
        (is_prop_64 or is_prop_64_predecessor) and has_attempt as is_attempt,
        (is_prop_64 or is_prop_64_predecessor) and has_attempt and is_section_behind_hyphen as is_attempt_lost,
        (is_prop_64 or is_prop_64_predecessor) and has_conspiracy as is_conspiracy,
        prop_64_sections + predecessor_sections > 1 and is_code_type_possible as is_two_sections,
        -- What a careless reading takes for one of the four sections, or a reader might.
        not (is_prop_64 or is_prop_64_predecessor)
        and regexp_matches(charge, '1135[789]|11360|(^|[^0-9])(11361|11362|11532)') as is_look_alike,
        is_blank,
        names_11357 and is_prop_64 as names_11357,
        names_11358 and is_prop_64 as names_11358,
        names_11359 and is_prop_64 as names_11359,
        names_11360 and is_prop_64 as names_11360,
        -- As the published rules read it: the leftmost of the four, anywhere in the text.
        nullif(regexp_extract(code_section_text, '1135[789]|11360'), '') as leftmost_section,
        regexp_matches(code_section_text, '^11357[(][AB][)]') as starts_11357_a_or_b,
        substr(code_section_text, 1, 5) as first_five_characters
    from classified

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
