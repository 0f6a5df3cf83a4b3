-- Each count that is, may be or was a conviction, after the effects of later rows.
with disposed_rows as (

    select * from {{ ref('int_judgments__rows') }}

),

convicting_counts as (

    select * from {{ ref('int_judgments__convicting_counts') }}

),

later_rows as (

    select * from {{ ref('int_judgments__later_rows') }}

),

effects as (

    select
        source_conviction_key,
        bool_or(what_it_does = 'ends_conviction') as is_ended,
        max(case when what_it_does = 'ends_conviction' then disposed_date end) as ended_date,
        -- If a cycle has several convictions, it is unknown which of them a row is about.
        bool_or(
            what_it_does = 'makes_it_unclear' or (what_it_does = 'may_change_level' and not is_about_one_conviction)
        ) as is_unclear,
        bool_or(what_it_does = 'may_change_level') as is_level_unknown,
        bool_or(what_it_does = 'changes_level' and reduces_to_infraction) as is_infraction,
        bool_or(what_it_does = 'changes_level') as is_reduced
    from later_rows
    group by source_conviction_key

),

-- Each part of a sentence is in a separate row, so the parts are added.
terms as (

    select
        source_conviction_key,
        row_says,
        disposed_date,
        is_consecutive,
        what_it_does = 'moves_sentence_end' as is_sure,
        sum(sentence_months) as months,
        sum(sentence_days) as days,
        bool_and(is_sentence_readable) as is_readable
    from later_rows
    where what_it_does in ('moves_sentence_end', 'may_move_sentence_end')
    group by all

),

sentence_moves as (

    select
        source_conviction_key,
        max(
            case
                when is_sure and is_readable and disposed_date is not null
                    then cast({{ calendar_end('disposed_date', 'months', 'days') }} as date)
            end
        ) as sentence_moved_to_date,
        -- The end of a term is unknown where its length or first day is unknown, or where the term begins after another
        -- one.
        bool_or(
            not is_sure or not is_readable or disposed_date is null or months + days = 0 or is_consecutive
        ) as is_sentence_end_unknown
    from terms
    group by source_conviction_key

),

-- A row that is about a conviction in another count is not a conviction itself.
placed as (

    select distinct
        delivery_id,
        row_no
    from later_rows

),

other_rows as (

    select
        disposed_rows.*,
        count(*) filter (where disposed_rows.row_says = 'no_conviction') over of_count > 0 as has_no_conviction_row,
        max(disposed_rows.disposed_date) filter (where disposed_rows.row_says = 'ended') over of_count as ended_date,
        max(disposed_rows.disposed_date) filter (where disposed_rows.row_says <> 'ended') over of_count
            as last_other_date
    from disposed_rows
    left join convicting_counts
        on disposed_rows.source_conviction_key = convicting_counts.source_conviction_key
    left join placed on disposed_rows.delivery_id = placed.delivery_id and disposed_rows.row_no = placed.row_no
    where convicting_counts.source_conviction_key is null and placed.row_no is null
    window of_count as (partition by disposed_rows.source_conviction_key)

),

other_counts as (

    select
        source_conviction_key,
        min(source) as source,
        min_by(delivery_id, row_no) as delivery_id,
        min(row_no) as row_no,
        min_by(level, row_no) as level,
        min_by(disposed_date, row_no) as disposed_date,
        case
            when bool_and(row_says = 'ended') or max(ended_date) > max(last_other_date) then 'ended'
            when bool_or(row_says in ('unknown', 'unclear', 'modified', 'ended') or has_no_conviction_row)
                then 'unclear'
            -- Relief under PC 1203.4 or H&S 11361.8 leaves a conviction on record, so such a row shows that there is a
            -- conviction.
            else 'convicted'
        end as conviction_status,
        max(ended_date) as ended_date
    from other_rows
    where row_says <> 'no_conviction'
    group by source_conviction_key

),

final as (

    select
        counts.source_conviction_key,
        counts.source,
        counts.delivery_id,
        counts.row_no,
        case
            when coalesce(effects.is_ended, false) then 'ended'
            when counts.is_contradicted or coalesce(effects.is_unclear, false) then 'unclear'
            else 'convicted'
        end as conviction_status,
        effects.ended_date,
        counts.level as level_at_conviction,
        case
            when coalesce(effects.is_infraction, false) then 'infraction'
            when coalesce(effects.is_reduced, false) and coalesce(counts.level, '') <> 'infraction' then 'misdemeanor'
            when coalesce(effects.is_level_unknown, false) then null
            else counts.level
        end as level,
        sentence_moves.sentence_moved_to_date,
        coalesce(sentence_moves.is_sentence_end_unknown, false) or counts.is_consecutive as is_sentence_end_unknown,
        counts.has_several_contents,
        counts.is_contradicted,
        true as has_convicting_row
    from convicting_counts as counts
    left join effects on counts.source_conviction_key = effects.source_conviction_key
    left join sentence_moves
        on counts.source_conviction_key = sentence_moves.source_conviction_key
    union all
    select
        source_conviction_key,
        source,
        delivery_id,
        row_no,
        conviction_status,
        case when conviction_status = 'ended' then ended_date end as ended_date,
        level as level_at_conviction,
        level,
        cast(null as date) as sentence_moved_to_date,
        false as is_sentence_end_unknown,
        false as has_several_contents,
        false as is_contradicted,
        false as has_convicting_row
    from other_counts

)

select * from final
