with name_lists as (

    select * from {{ ref('int_linkage__name_lists') }}

),

number_lists as (

    select * from {{ ref('int_linkage__number_lists') }}

),

joined as (

    select
        name_lists.*,
        number_lists.* exclude (source, record_key)
    from name_lists
    inner join number_lists
        on name_lists.source = number_lists.source and name_lists.record_key = number_lists.record_key

),

final as (

    select
        *,
        -- The fingerprint changes whenever a compared value changes.
        md5(
            concat_ws(
                '|',
                coalesce(cast(surname as varchar), '-'),
                coalesce(cast(given_name as varchar), '-'),
                coalesce(cast(surnames as varchar), '-'),
                coalesce(cast(given_forms as varchar), '-'),
                coalesce(cast(middle_names as varchar), '-'),
                coalesce(cast(name_suffix as varchar), '-'),
                coalesce(cast(birth_date as varchar), '-'),
                coalesce(cast(birth_dates as varchar), '-'),
                coalesce(cast(partial_birth_dates as varchar), '-'),
                coalesce(cast(sex_code as varchar), '-'),
                coalesce(cast(cii_numbers as varchar), '-'),
                coalesce(cast(case_numbers as varchar), '-'),
                coalesce(cast(conviction_marks as varchar), '-')
            )
        ) as fingerprint
    from joined

)

select * from final
