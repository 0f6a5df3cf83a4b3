with history_rows as (

    select * from {{ ref('int_criminal_history__rows') }}

),

qualifier_codes as (

    select * from {{ ref('qualifier_codes') }}

),

-- If two codes share a literal, the literal identifies neither.
literals as (

    select
        literal_long,
        min(qualifier) as qualifier
    from qualifier_codes
    group by literal_long
    having count(*) = 1

),

lists as (

    select qualifier_list from history_rows
    where qualifier_list is not null
    union
    select convicted_qualifier_list from history_rows
    where convicted_qualifier_list is not null

),

-- A list of two-letter codes is split at spaces and punctuation. Any other list is split only at separators, so that
-- written-out qualifiers stay whole.
parts as (

    select
        qualifier_list,
        unnest(
            string_split(
                case
                    when regexp_matches(upper(qualifier_list), '^[A-Z][A-Z]([ ,;|/-]+[A-Z][A-Z])*[ ,;|/-]*$')
                        then regexp_replace(upper(qualifier_list), '[ ,;|/-]+', ',', 'g')
                    else regexp_replace(upper(qualifier_list), '[;|]', ',', 'g')
                end, ','
            )
        ) as part
    from lists

),

decoded as (

    select distinct
        parts.qualifier_list,
        trim(parts.part) as qualifier,
        coalesce(literals.qualifier, trim(parts.part)) as code
    from parts
    left join literals on trim(parts.part) = literals.literal_long
    where {{ has_content('parts.part') }}

),

final as (

    select
        decoded.qualifier_list,
        decoded.qualifier,
        qualifier_codes.qualifier as qualifier_code,
        nullif(qualifier_codes.literal_short, 'ZZZZ') as qualifier_group,
        case when qualifier_codes.code_type <> 'XX' then qualifier_codes.code_section end as statute,
        nullif(qualifier_codes.code_type, 'XX') as code_type,
        qualifier_codes.literal_long as qualifier_text,
        coalesce(qualifier_codes.literal_short = 'ATTEMPT' or qualifier_codes.literal_long = 'ATTEMPTED', false)
            as is_attempt,
        coalesce(qualifier_codes.literal_short = 'CONSPIRACY', false) as is_conspiracy
    from decoded
    left join qualifier_codes on decoded.code = qualifier_codes.qualifier

)

select * from final
