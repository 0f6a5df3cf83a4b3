with pairs as (

    select * from {{ ref('int_criminal_history__subject_pairs') }}
    where comparison <> 'same_person'

),

final as (

    select
        delivery_id,
        first_row_no as row_no,
        other_delivery_id,
        other_first_row_no as other_row_no,
        comparison,
        'subject_perhaps_twice' as finding
    from pairs

)

select * from final
