-- Lists the rows that report what became of a conviction, and the counts whose rows contradict each other.
with later_rows as (

    select * from {{ ref('int_judgments__later_rows') }}
    where what_it_does <> 'changes_nothing'

),

judgments as (

    select * from {{ ref('int_judgments__judgments') }}

),

found as (

    select
        judgments.source,
        judgments.source_conviction_key,
        'conviction_ended' as finding,
        judgments.delivery_id,
        judgments.row_no,
        judgments.ended_date as finding_date
    from judgments
    where judgments.conviction_status = 'ended'
    union all
    select
        source,
        source_conviction_key,
        'disposition_contradicted' as finding,
        delivery_id,
        row_no,
        cast(null as date) as finding_date
    from judgments
    where is_contradicted and conviction_status <> 'ended'
    union all
    select
        source,
        source_conviction_key,
        'count_amended' as finding,
        delivery_id,
        row_no,
        cast(null as date) as finding_date
    from judgments
    where has_several_contents and not is_contradicted and conviction_status <> 'ended'
    union all
    select
        later_rows.source,
        later_rows.source_conviction_key,
        case later_rows.what_it_does
            when 'makes_it_unclear' then 'later_row_unclear'
            when 'may_change_level' then 'later_row_unclear'
            when 'changes_level' then 'level_reduced'
            when 'moves_sentence_end' then 'sentence_end_moved'
            when 'may_move_sentence_end' then 'sentence_end_moved'
            when 'still_stands' then 'conviction_set_aside_1203_4'
            when 'relieved_before' then 'conviction_relieved_before'
        end as finding,
        later_rows.delivery_id,
        later_rows.row_no,
        later_rows.disposed_date as finding_date
    from later_rows
    where later_rows.what_it_does <> 'ends_conviction'

),

final as (

    select
        source,
        finding,
        source_conviction_key,
        delivery_id,
        row_no,
        cast(finding_date as date) as finding_date
    from found

)

select * from final
