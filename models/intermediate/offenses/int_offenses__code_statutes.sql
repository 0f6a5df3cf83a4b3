-- The DOJ's table of codes always spells statutes in the same way, so they are matched directly and not read like
-- charge texts.
with offense_codes as (

    select
        *,
        {{ statute_text('statute') }} as head
    from {{ ref('offense_codes') }}

),

final as (

    select
        offense_code,
        case when code_type = 'HS' then nullif({{ statute_section('head') }}, '') end as section,
        nullif(regexp_extract(head, '{{ statute_subdivision_pattern() }}', 1), '') as subdivision,
        nullif(regexp_extract(head, '{{ statute_subdivision_pattern() }}', 2), '') as paragraph,
        code_type = 'PC' and regexp_matches(statute, '^(664|182)([^0-9]|$)') as is_attempt_or_conspiracy,
        level_code,
        enacted_date,
        repealed_date,
        edition_date
    from offense_codes

)

select * from final
