-- The rows that record the conviction of a count. The sentence is the sum of the parts in these rows.
with disposed_rows as (

    select * from {{ ref('int_judgments__rows') }}

),

judgments as (

    select
        judgments.*,
        chosen.comparable_charge
    from {{ ref('int_judgments__judgments') }} as judgments
    inner join disposed_rows as chosen
        on judgments.delivery_id = chosen.delivery_id and judgments.row_no = chosen.row_no

),

final as (

    select
        judgments.source_conviction_key,
        judgments.source,
        disposed_rows.delivery_id,
        disposed_rows.row_no,
        judgments.row_no = disposed_rows.row_no as is_conviction_row
    from judgments
    inner join disposed_rows
        on judgments.source_conviction_key = disposed_rows.source_conviction_key
    where
        judgments.conviction_status <> 'ended'
        and case
            when judgments.has_convicting_row
                then
                    disposed_rows.row_says = 'convicted'
                    and (
                        not judgments.has_several_contents
                        or (
                            coalesce(disposed_rows.comparable_charge, '') = coalesce(judgments.comparable_charge, '')
                            and coalesce(disposed_rows.level = judgments.level_at_conviction, true)
                        )
                    )
            else disposed_rows.row_says not in ('no_conviction', 'ended')
        end

)

select * from final
