-- Each loaded row occurs once, each conviction has its own row, and the rows of one count belong to one conviction.
with history as (

    select * from {{ ref('fct_criminal_history_rows') }}

),

convictions as (

    select
        doj_conviction_key,
        delivery_id,
        row_no
    from {{ ref('int_convictions__criminal_history') }}

),

loaded as (

    select
        delivery_id,
        count(*) as row_count,
        sum(row_no) as row_numbers
    from {{ ref('stg_ca_doj__criminal_history_rows') }}
    group by delivery_id

),

-- If the distinct row numbers are as many as the rows and have the same sum, they are the same rows.
held as (

    select
        delivery_id,
        count(*) as row_count,
        count(distinct row_no) as distinct_rows,
        sum(row_no) as row_numbers
    from history
    group by delivery_id

),

counts_of_two_convictions as (

    select
        subject_key,
        cycle_number,
        step_number,
        count_number
    from history
    where conviction_key is not null and cycle_number is not null
    group by subject_key, cycle_number, step_number, count_number
    having count(distinct conviction_key) > 1

),

findings as (

    select
        'rows of a delivery missing or doubled' as finding,
        coalesce(loaded.delivery_id, held.delivery_id) as what
    from loaded
    full outer join held on loaded.delivery_id = held.delivery_id
    where
        loaded.row_count is distinct from held.row_count
        or loaded.row_numbers is distinct from held.row_numbers
        or held.row_count is distinct from held.distinct_rows
    union all
    select
        'conviction without its own row' as finding,
        convictions.doj_conviction_key as what
    from convictions
    left join history
        on
            convictions.delivery_id = history.delivery_id
            and convictions.row_no = history.row_no
            and convictions.doj_conviction_key = history.conviction_key
            and history.row_role = 'conviction'
    where history.row_no is null
    union all
    select
        'row of a conviction that is none' as finding,
        history.conviction_key as what
    from history
    left join convictions on history.conviction_key = convictions.doj_conviction_key
    where history.conviction_key is not null and convictions.doj_conviction_key is null
    union all
    select
        'count of two convictions' as finding,
        subject_key as what
    from counts_of_two_convictions

)

select finding from findings
