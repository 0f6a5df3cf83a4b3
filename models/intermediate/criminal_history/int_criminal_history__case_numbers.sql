-- The case numbers of each step: those in its court rows, in file order.
with history_rows as (

    select
        *,
        case when is_count_order_valid then substr(count_order, 1, 6) end as cycle_step
    from {{ ref('int_criminal_history__rows') }}

),

court_numbers as (

    select
        subject_key,
        cycle_step,
        ofn_raw,
        min(ofn) as ofn,
        min(row_no) as first_row_no
    from history_rows
    where step_type = 'COURT ACTION' and ofn_raw <> '' and cycle_step is not null
    group by subject_key, cycle_step, ofn_raw

),

final as (

    select
        subject_key,
        cycle_step,
        string_agg(ofn_raw, '; ' order by first_row_no) as case_number,
        first(ofn order by first_row_no) filter (where ofn is not null) as case_number_first
    from court_numbers
    group by subject_key, cycle_step

)

select * from final
