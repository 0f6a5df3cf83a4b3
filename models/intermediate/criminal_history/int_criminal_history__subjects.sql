with history_rows as (

    select * from {{ ref('int_criminal_history__rows') }}

),

final as (

    select
        subject_key,
        -- The newest delivery comes first, then file order; the first valid value counts.
        first(subject_name order by delivery_rank, row_no) filter (where subject_name is not null) as subject_name,
        first(birth_date order by delivery_rank, row_no) filter (where birth_date is not null) as birth_date,
        first(sex_code order by delivery_rank, row_no) filter (where sex_code is not null) as sex_code,
        first(race_name order by delivery_rank, row_no) filter (where race_name is not null) as race_name,
        max(cii_number) as cii_number,
        bool_or(step_type = 'DECEASED') as is_deceased
    from history_rows
    group by subject_key

)

select * from final
