with convictions as (

    select * from {{ ref('fct_convictions') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

-- Only convictions of this county that a court's order dismissed are counted; a determination does not count.
dismissals as (

    select
        -- Integers replace the keys, because they make `count(distinct ...)` faster in the sixteen groupings.
        dense_rank() over (order by case_key) as case_no,
        dense_rank() over (order by person_key) as person_no,
        coalesce(cast(date_part('year', relief_order_date) as varchar), 'unknown') as relief_order_year,
        coalesce(cast(conviction_year as varchar), 'unknown') as conviction_year,
        offense,
        coalesce(level, 'unknown') as level,
        coalesce(cast(wave_number as varchar), 'neither') as wave
    from convictions
    where is_dismissed_by_order and coalesce(is_in_county, true)

),

by_basis as (

    select
        'relief_order_year' as year_basis,
        relief_order_year as year,
        offense,
        level,
        wave,
        case_no,
        person_no
    from dismissals
    union all
    select
        'conviction_year' as year_basis,
        conviction_year as year,
        offense,
        level,
        wave,
        case_no,
        person_no
    from dismissals

),

-- Every total is counted separately: the cases or people of two cells cannot be added, because both cells may count
-- the same ones.
cells as (

    select
        year_basis,
        coalesce(year, 'all') as year,
        coalesce(offense, 'all') as offense,
        coalesce(level, 'all') as level,
        coalesce(wave, 'all') as wave,
        count(*) as convictions,
        count(distinct case_no) as cases,
        count(distinct person_no) as people
    from by_basis
    group by year_basis, cube(year, offense, level, wave)

),

by_unit as (

    select
        year_basis,
        year,
        offense,
        level,
        wave,
        'convictions' as unit,
        convictions as dismissals
    from cells
    union all
    select
        year_basis,
        year,
        offense,
        level,
        wave,
        'cases' as unit,
        cases as dismissals
    from cells
    union all
    select
        year_basis,
        year,
        offense,
        level,
        wave,
        'people' as unit,
        people as dismissals
    from cells

),

final as (

    select
        by_unit.*,
        context.extract_as_of_date,
        context.is_synthetic
    from by_unit
    cross join context

)

select * from final
