-- The contents of rows that decisions name by DELIVERY:ROW, even where a newer delivery replaces their count.
with names_given as (

    select * from {{ ref('int_identity__names_given') }}
    where named_row_no is not null

),

doj_rows as (

    select * from {{ ref('stg_ca_doj__criminal_history_rows') }}

),

court_counts as (

    select * from {{ ref('stg_la_court__counts') }}

),

final as (

    select
        names_given.naming_key,
        doj_rows.subject_id,
        doj_rows.count_order,
        cast(null as varchar) as case_number,
        cast(null as varchar) as count_number
    from names_given
    inner join doj_rows
        on names_given.named_delivery_id = doj_rows.delivery_id and names_given.named_row_no = doj_rows.row_no
    union all
    select
        names_given.naming_key,
        cast(null as varchar) as subject_id,
        cast(null as varchar) as count_order,
        court_counts.case_number,
        court_counts.count_number
    from names_given
    inner join court_counts
        on names_given.named_delivery_id = court_counts.delivery_id and names_given.named_row_no = court_counts.row_no

)

select * from final
