with plain as (

    select
        *,
        {{ plain_codes('upper(trim(charge_text))') }} as plain_text,
        {{ plain_codes('upper(trim(code_section_text))') }} as plain_before_hyphen
    from {{ ref('int_charges__parsed') }}

),

charges as (

    select
        *,
        {{ statute_text('plain_text') }} as whole,
        {{ statute_text('plain_before_hyphen') }} as before_hyphen
    from plain

),

headed as (

    select
        *,
        -- `11357-B HS` and `664-11359 HS`: what is read goes on behind the hyphen.
        case
            when
                is_attempt_lost
                or regexp_matches(before_hyphen, '^182([(][A-Z0-9]+[)])*( ?PC)?/?$')
                or regexp_matches(whole, '^([0-9]{1,2}[^0-9])?[^0-9]*[0-9.]+ ?- ?[(]?[A-E][)]?[0-9]?([^A-Z0-9]|HS|$)')
                then whole
            else before_hyphen
        end as head
    from charges

),

lettered as (

    select
        *,
        list_distinct(regexp_extract_all(head, '{{ statute_subdivision_pattern() }}', 1)) as letters,
        nullif(regexp_extract(head, '{{ statute_subdivision_pattern() }}', 2), '') as paragraph
    from headed

),

sectioned as (

    select
        *,
        case
            when is_two_sections then null
            when names_11357 then '11357'
            when names_11358 then '11358'
            when names_11359 then '11359'
            when names_11360 then '11360'
            when is_prop_64_predecessor then coalesce(section, nullif({{ statute_section('head') }}, ''))
            -- A cannabis relief section that another code follows (11358 PC) is that code's.
            when
                coalesce(code_type, 'HS') = 'HS'
                and not regexp_matches({{ statute_section('head') }}, '^(1135[789]|11360|11530([.][15])?|11531)$')
                then nullif({{ statute_section('head') }}, '')
        end as section_named
    from lettered

),

judged as (

    select
        *,
        case
            when is_two_sections then 'two_sections'
            -- `11357(A)/(B)`, `11357A/B`, `11357(A)/11357(B)`
            when
                section_named is not null
                and (
                    len(letters) > 1
                    -- `11357/11357(C)`: one of the two has no letter.
                    or len(regexp_extract_all(head, '(^|[^0-9.])({{ statute_sections() }})', 2)) > greatest(
                        1, len(regexp_extract_all(head, '{{ statute_subdivision_pattern() }}', 1))
                    )
                    or regexp_matches(
                        head, '(?:{{ statute_sections() }}) ?[(]?[A-E][)]? ?[/,&+] ?[(]?[A-E][)]?([^A-Z]|HS|$)'
                    )
                    or regexp_matches(head, '(?:{{ statute_sections() }})[(]?[A-E][)]?[(][A-E][)]')
                )
                then 'two_subdivisions'
            -- 11358 PC and 911360 name another section; a look-alike with a row of its own is one too.
            when section_named is not null then 'section'
            when is_blank then 'blank'
            when {{ is_without_section('code_section_text', 'charge_text') }} then 'no_section'
            else 'other'
        end as names
    from sectioned

),

final as (

    select
        charge_text,
        names,
        section_named as section,
        case when names <> 'two_subdivisions' then coalesce(letters[1], subdivision) end as subdivision,
        case when names <> 'two_subdivisions' then paragraph end as paragraph,
        is_attempt,
        is_conspiracy
    from judged

)

select * from final
