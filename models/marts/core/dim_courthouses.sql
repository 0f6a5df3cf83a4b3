with courthouses as (

    select * from {{ ref('courthouses') }}

),

named_by_court as (

    select
        upper(courthouse_name) as courthouse_key,
        min(courthouse_name) as courthouse_name
    from {{ ref('int_court__cases') }}
    where courthouse_name is not null
    group by upper(courthouse_name)

),

final as (

    select
        coalesce(upper(courthouses.courthouse_name), named_by_court.courthouse_key) as courthouse_key,
        coalesce(courthouses.courthouse_name, named_by_court.courthouse_name) as courthouse_name,
        courthouses.address,
        courthouses.latitude,
        courthouses.longitude,
        courthouses.courthouse_name is not null as is_listed
    from courthouses
    full outer join named_by_court on upper(courthouses.courthouse_name) = named_by_court.courthouse_key

)

select * from final
