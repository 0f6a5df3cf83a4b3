with history_rows as (

    select
        *,
        {{ count_key() }} as count_key
    from {{ ref('int_criminal_history__rows') }}

),

details as (

    select * from {{ ref('stg_ca_doj__row_details') }}
    where has_sentence_part

),

judgment_rows as (

    select
        delivery_id,
        row_no,
        source_conviction_key as doj_conviction_key
    from {{ ref('int_judgments__judgment_rows') }}
    where source = 'ca_doj'

),

final as (

    select
        history_rows.delivery_id,
        history_rows.row_no,
        history_rows.subject_key,
        history_rows.count_key,
        -- NULL for parts in rows of an arrest or of another disposition, because these rows do not record the
        -- conviction.
        judgment_rows.doj_conviction_key,
        row_number() over (
            partition by history_rows.subject_key, history_rows.count_key order by history_rows.row_no
        ) as part_no,
        details.sentence_order,
        details.sentence_place_code,
        details.sentence_place_name,
        details.sentence_length_raw,
        details.sentence_unit_raw,
        case when regexp_matches(trim(details.sentence_length_raw), '^[0-9]+$') then history_rows.sentence_length end
            as sentence_length,
        case upper(trim(details.sentence_unit_raw))
            when 'D' then 'days'
            when 'M' then 'months'
            when 'Y' then 'years'
        end as sentence_unit,
        {{ published_sentence_days('history_rows.sentence_length', 'history_rows.sentence_unit_code') }}
            as sentence_days,
        history_rows.is_sentence_readable
    from history_rows
    inner join details on history_rows.delivery_id = details.delivery_id and history_rows.row_no = details.row_no
    left join judgment_rows
        on
            history_rows.delivery_id = judgment_rows.delivery_id
            and history_rows.row_no = judgment_rows.row_no

)

select * from final
