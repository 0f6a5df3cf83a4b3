with identifiers as (

    select * from {{ ref('stg_ca_doj__subject_identifiers') }}

),

subject_keys as (

    select * from {{ ref('int_criminal_history__subject_keys') }}

),

named as (

    select
        delivery_id,
        subject_id,
        'pri_name' as source_column,
        pri_name as subject_name,
        row_no
    from identifiers
    where pri_name is not null
    union all
    select
        delivery_id,
        subject_id,
        'req_name' as source_column,
        req_name as subject_name,
        row_no
    from identifiers
    where req_name is not null

),

final as (

    select
        subject_keys.subject_key,
        named.source_column,
        named.subject_name,
        first(named.delivery_id order by subject_keys.delivery_rank desc, named.row_no asc) as first_delivery_id,
        first(named.row_no order by subject_keys.delivery_rank desc, named.row_no asc) as first_row_no,
        first(named.delivery_id order by subject_keys.delivery_rank asc, named.row_no desc) as last_delivery_id,
        first(named.row_no order by subject_keys.delivery_rank asc, named.row_no desc) as last_row_no,
        count(*) as row_count
    from named
    inner join subject_keys
        on named.delivery_id = subject_keys.delivery_id and named.subject_id = subject_keys.subject_id
    group by subject_keys.subject_key, named.source_column, named.subject_name

)

select * from final
