-- The result of redesignating each conviction: the section and level that cover the conduct today. Cultivation at the
-- age of 18 to 20 has one result for each number of plants.
with conduct as (

    select
        conviction_key,
        relief_class
    from {{ ref('int_statute__conduct') }}
    where relief_class is not null

),

ages as (

    select
        conviction_key,
        oldest_age_years
    from {{ ref('int_statute__bounds') }}

),

-- In a dbt unit test, an empty cell of a seed is an empty text and not NULL.
forms as (

    select
        * replace (
            cast(nullif(youngest_age_years, '') as integer) as youngest_age_years,
            cast(nullif(oldest_age_years, '') as integer) as oldest_age_years,
            nullif(unknown_plants, '') as unknown_plants,
            nullif(section_if_barred, '') as section_if_barred
        )
    from {{ ref('redesignations') }}

),

final as (

    select
        conduct.conviction_key,
        forms.unknown_plants,
        forms.section_today as redesignated_to_section,
        forms.level_today as redesignated_to_level,
        forms.section_if_barred,
        forms.citation
    from conduct
    left join ages on conduct.conviction_key = ages.conviction_key
    inner join forms
        on
            conduct.relief_class = forms.relief_class
            -- An entry without ages applies at any age. If the age matters and is unknown, no entry applies.
            and (
                forms.youngest_age_years is null
                or ages.oldest_age_years between forms.youngest_age_years and forms.oldest_age_years
            )

)

select * from final
