-- Counts with a convicting row. Where convicting rows differ in charge or level, the row with the latest date decides.
with disposed_rows as (

    select * from {{ ref('int_judgments__rows') }}

),

last_ends as (

    select
        source_conviction_key,
        max(disposed_date) as ended_date
    from disposed_rows
    where row_says = 'ended'
    group by source_conviction_key

),

convicting_rows as (

    select
        disposed_rows.*,
        coalesce(disposed_rows.disposed_date > last_ends.ended_date, false) as is_after_its_end
    from disposed_rows
    left join last_ends
        on disposed_rows.source_conviction_key = last_ends.source_conviction_key
    where disposed_rows.row_says = 'convicted'

),

-- If a conviction was reversed and the person was convicted again, the later judgment counts.
in_force as (

    select * from convicting_rows
    qualify is_after_its_end = bool_or(is_after_its_end) over (partition by source_conviction_key)

),

counts as (

    select
        source_conviction_key,
        count(distinct coalesce(comparable_charge, '')) > 1 or count(distinct level) > 1 as has_several_contents,
        max(disposed_date) as last_date
    from in_force
    group by source_conviction_key

),

ranked as (

    select
        in_force.*,
        counts.has_several_contents,
        row_number() over (
            partition by in_force.source_conviction_key
            order by
                case when counts.has_several_contents then in_force.disposed_date = counts.last_date end
                desc nulls last,
                in_force.disposed_date asc nulls last,
                in_force.row_no asc
        ) as rank_of_row
    from in_force
    inner join counts on in_force.source_conviction_key = counts.source_conviction_key

),

chosen as (

    select * from ranked
    where rank_of_row = 1

),

-- A row with another charge or level contradicts the chosen row, unless it is dated earlier.
contradicted as (

    select distinct chosen.source_conviction_key
    from chosen
    inner join in_force as others
        on chosen.source_conviction_key = others.source_conviction_key
    where
        chosen.has_several_contents
        and (
            coalesce(chosen.comparable_charge, '') <> coalesce(others.comparable_charge, '')
            or chosen.level <> others.level
        )
        and coalesce(others.disposed_date >= chosen.disposed_date, true)

),

final as (

    select
        chosen.source_conviction_key,
        chosen.source,
        chosen.person_or_case_key,
        chosen.cycle_order,
        chosen.step_key,
        chosen.delivery_id,
        chosen.row_no,
        chosen.disposed_date,
        chosen.case_number,
        chosen.comparable_charge,
        chosen.section_numbers,
        chosen.level,
        chosen.is_consecutive,
        chosen.has_several_contents,
        contradicted.source_conviction_key is not null as is_contradicted
    from chosen
    left join contradicted
        on chosen.source_conviction_key = contradicted.source_conviction_key

)

select * from final
