-- This model contains only counts and never the texts: if the columns of a row are shifted, the courthouse may be a
-- person's name.
with cases as (

    select
        delivery_id,
        county_name,
        courthouse_name,
        {{ comparable_courthouse('courthouse_name') }} as comparable_name
    from {{ ref('stg_la_court__cases') }}

),

courthouses as (

    select * from {{ ref('dim_courthouses') }}
    where is_listed

),

final as (

    select
        cases.delivery_id,
        max(cases.county_name) as county_name,
        count(*) as rows,
        count(*) filter (where cases.courthouse_name is null) as rows_without_name,
        count(*) filter (where cases.courthouse_name is not null and courthouses.courthouse_key is null)
            as rows_not_listed,
        count(distinct case when courthouses.courthouse_key is null then cases.comparable_name end) as names_not_listed
    from cases
    left join courthouses on cases.comparable_name = courthouses.comparable_name
    group by cases.delivery_id

)

select * from final
