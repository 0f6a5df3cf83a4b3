-- Reports name only these courthouses; any other name in a delivery becomes `other`.
with listed as (

    select
        upper(courthouse_name) as courthouse_key,
        courthouse_name,
        {{ comparable_courthouse('courthouse_name') }} as comparable_name,
        address,
        latitude,
        longitude
    from {{ ref('courthouses') }}

),

others as (

    select
        'other' as courthouse_key,
        'A courthouse that is not listed' as courthouse_name
    union all
    select
        'unknown' as courthouse_key,
        'No file names the courthouse' as courthouse_name

),

final as (

    select
        courthouse_key,
        courthouse_name,
        comparable_name,
        address,
        latitude,
        longitude,
        true as is_listed
    from listed
    union all
    select
        courthouse_key,
        courthouse_name,
        null as comparable_name,
        null as address,
        null as latitude,
        null as longitude,
        false as is_listed
    from others

)

select * from final
