with differences as (

    select * from {{ ref('int_comparison__readings') }}

),

defects as (

    select
        *,
        defect not in ('strike_list', 'charged_not_convicted', 'impossible_date') as is_read_by_older_tool
    from {{ ref('older_tool_defects') }}

),

decisive as (

    select
        policy_id,
        delivery_id,
        row_no,
        bool_or(is_different and reading <> 'older_tool') as is_one_decisive,
        bool_or(is_different) as is_any_decisive
    from differences
    group by policy_id, delivery_id, row_no

),

-- A defect is named if it changes the answer by itself. If only several together change it, all of them are named.
named as (

    select
        differences.policy_id,
        differences.delivery_id,
        differences.row_no,
        max(differences.subject_id) as subject_id,
        max(differences.cnt_order) as cnt_order,
        max(differences.determination) as determination,
        max(differences.reason) as reason,
        bool_or(differences.reading = 'older_tool') as is_read_otherwise,
        max(differences.older_tool_determination) as older_tool_determination,
        max(differences.older_tool_reason) as older_tool_reason,
        string_agg(
            case
                when differences.is_different or (not decisive.is_one_decisive and defects.is_read_by_older_tool)
                    then defects.defect
            end,
            ';' order by defects.defect_no
        ) as defects,
        string_agg(
            case
                when
                    defects.is_listed
                    and (
                        differences.is_different
                        or (not decisive.is_one_decisive and defects.is_read_by_older_tool)
                    )
                    then defects.defect
            end,
            ';' order by defects.defect_no
        ) as listed_defects
    from differences
    inner join decisive
        on
            differences.policy_id = decisive.policy_id
            and differences.delivery_id = decisive.delivery_id
            and differences.row_no = decisive.row_no
            and decisive.is_any_decisive
    left join defects on differences.reading = defects.defect
    group by differences.policy_id, differences.delivery_id, differences.row_no

),

final as (

    select
        policy_id,
        delivery_id,
        row_no,
        subject_id,
        cnt_order,
        determination is not null as is_evaluated,
        determination,
        reason,
        -- If the answer changes only under readings that the older tool does not use, the older tool gives the same
        -- answer as we do.
        case when is_read_otherwise then older_tool_determination else determination end is not null
            as is_evaluated_by_older_tool,
        case when is_read_otherwise then older_tool_determination else determination end as older_tool_determination,
        case when is_read_otherwise then older_tool_reason else reason end as older_tool_reason,
        coalesce(defects, '') as defects,
        coalesce(listed_defects, '') as listed_defects
    from named

)

select * from final
