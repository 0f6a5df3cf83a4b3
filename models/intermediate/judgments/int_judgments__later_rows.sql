-- Rows that may change a conviction: rows in its count, in a later step of its cycle, or in its case.
with disposed_rows as (

    select * from {{ ref('int_judgments__rows') }}

),

convictions as (

    select
        *,
        count(*) over (partition by person_or_case_key, cycle_order) as convictions_of_cycle,
        count(*) over (partition by person_or_case_key, case_number) as convictions_of_case
    from {{ ref('int_judgments__convicting_counts') }}

),

of_the_count as (

    select
        convictions.source_conviction_key,
        disposed_rows.delivery_id,
        disposed_rows.row_no,
        'count' as reached_by,
        true as is_about_one_conviction
    from convictions
    inner join disposed_rows
        on convictions.source_conviction_key = disposed_rows.source_conviction_key
    where disposed_rows.row_says <> 'convicted'

),

-- Rows that belong to another count but are about a conviction. A plain dismissal is about the conviction only if it
-- names the same charge. A row with unknown words may be about the conviction too; then it is unknown whether the
-- conviction still exists.
elsewhere as (

    select * from disposed_rows
    where
        {{ says_what_became_of_a_conviction() }}
        or (row_says = 'unclear' and not convicts)
        or (row_says = 'no_conviction' and dismisses and section_numbers is not null)
        or row_says = 'unknown'

),

of_the_cycle as (

    select
        convictions.source_conviction_key,
        elsewhere.delivery_id,
        elsewhere.row_no,
        'cycle' as reached_by,
        convictions.convictions_of_cycle = 1 as is_about_one_conviction
    from convictions
    inner join elsewhere
        on
            convictions.person_or_case_key = elsewhere.person_or_case_key
            and convictions.cycle_order = elsewhere.cycle_order
    where
        convictions.step_key <> elsewhere.step_key
        and coalesce(convictions.section_numbers = elsewhere.section_numbers, elsewhere.row_says <> 'no_conviction')
        and coalesce(elsewhere.disposed_date > convictions.disposed_date, elsewhere.row_says <> 'no_conviction')

),

of_the_case as (

    select
        convictions.source_conviction_key,
        elsewhere.delivery_id,
        elsewhere.row_no,
        'case' as reached_by,
        convictions.convictions_of_case = 1 as is_about_one_conviction
    from convictions
    inner join elsewhere
        on
            convictions.person_or_case_key = elsewhere.person_or_case_key
            and convictions.case_number = elsewhere.case_number
    where
        convictions.step_key <> elsewhere.step_key
        and (elsewhere.row_says not in ('no_conviction', 'unknown') or elsewhere.is_earlier_relief)
        and coalesce(convictions.section_numbers = elsewhere.section_numbers, true)

),

connected_rows as (

    select * from of_the_count
    union all
    select * from of_the_cycle
    union all
    select * from of_the_case

),

once as (

    select
        source_conviction_key,
        delivery_id,
        row_no,
        -- A connection through the count is stronger than one through a case with one conviction, and that is stronger
        -- than one through the cycle.
        min_by(
            reached_by,
            case reached_by when 'count' then 1 when 'case' then 2 else 3 end
            + case when is_about_one_conviction then 0 else 10 end
        ) as reached_by,
        bool_or(is_about_one_conviction) as is_about_one_conviction
    from connected_rows
    group by source_conviction_key, delivery_id, row_no

),

timed as (

    select
        once.*,
        convictions.is_contradicted,
        convictions.level as conviction_level,
        rows_read.* exclude (source_conviction_key, delivery_id, row_no, level),
        rows_read.level as row_level,
        case
            when rows_read.disposed_date > convictions.disposed_date then 'later'
            when rows_read.disposed_date < convictions.disposed_date then 'earlier'
            else 'unknown'
        end as timing
    from once
    inner join convictions on once.source_conviction_key = convictions.source_conviction_key
    inner join disposed_rows as rows_read
        on once.delivery_id = rows_read.delivery_id and once.row_no = rows_read.row_no

),

final as (

    select
        source_conviction_key,
        source,
        delivery_id,
        row_no,
        reached_by,
        is_about_one_conviction,
        timing,
        disposed_date,
        row_says,
        words_read,
        row_level,
        is_earlier_relief,
        reduces,
        reduces_to_infraction,
        sentence_months,
        sentence_days,
        is_sentence_readable,
        is_consecutive,
        case
            when row_says in ('relief', 'restated') and not (reduces or reduces_to_infraction or revokes)
                then case when is_earlier_relief then 'relieved_before' else 'still_stands' end
            when timing = 'earlier' then 'changes_nothing'
            when row_says in ('modified', 'restated', 'relief') and (revokes or is_consecutive)
                then case when is_about_one_conviction then 'moves_sentence_end' else 'may_move_sentence_end' end
            when row_says = 'ended' and timing = 'later' and is_about_one_conviction then 'ends_conviction'
            when
                row_says in ('modified', 'restated', 'relief')
                then case
                    when timing = 'later' and is_about_one_conviction then 'changes_level'
                    else 'may_change_level'
                end
            else 'makes_it_unclear'
        end as what_it_does
    from timed

)

select * from final
