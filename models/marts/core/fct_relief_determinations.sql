with determinations as (

    select * from {{ ref('int_relief__determinations') }}

),

evaluated as (

    select * from {{ ref('int_relief__evaluated_convictions') }}

),

context as (

    select * from {{ ref('int_relief__evaluation_context') }}

),

final as (

    select
        determinations.conviction_key,
        determinations.policy_id,
        evaluated.source,
        evaluated.delivery_id,
        evaluated.row_no,
        evaluated.subject_id,
        evaluated.cnt_order,
        coalesce(evaluated.case_number, '') as case_number,
        determinations.determination,
        determinations.reason,
        determinations.cannot_tell,
        determinations.unknown_facts,
        concat_ws(
            ';',
            case when determinations.cannot_tell like '%conviction_date%' then 'missing_date' end,
            case when determinations.cannot_tell like '%birth_date%' then 'birth_date_missing' end,
            case
                when evaluated.is_two_sections and determinations.cannot_tell like '%section%' then 'two_sections'
            end,
            case
                when evaluated.is_attempt_lost then 'attempt_lost'
                when evaluated.is_attempt and determinations.cannot_tell like '%section%' then 'attempt_ignored'
            end,
            case when evaluated.is_conspiracy and determinations.cannot_tell like '%section%' then 'conspiracy' end,
            case when determinations.cannot_tell like '%level%' then 'level_unknown' end
        ) as defects,
        coalesce(determinations.deciding_rule_id, '') as deciding_rule_id,
        determinations.citation,
        cast(context.evaluated_as_of_date as date) as evaluated_as_of_date,
        cast(context.extract_as_of_date as date) as extract_as_of_date,
        context.is_synthetic
    from determinations
    inner join evaluated on determinations.conviction_key = evaluated.conviction_key
    cross join context

)

select * from final
