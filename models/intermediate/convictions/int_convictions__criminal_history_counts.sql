with history_rows as (

    select
        *,
        {{ count_key() }} as count_key
    from {{ ref('int_criminal_history__rows') }}

),

details as (

    select * from {{ ref('stg_ca_doj__row_details') }}

),

comparisons as (

    select * from {{ ref('int_criminal_history__offense_comparisons') }}

),

convictions as (

    select
        doj_conviction_key,
        delivery_id,
        row_no,
        level
    from {{ ref('int_convictions__criminal_history') }}

),

counts as (

    select
        history_rows.subject_key,
        history_rows.count_key,
        history_rows.delivery_id,
        count(*) as row_count,
        count(distinct history_rows.convicted_charge_text) as convicted_charge_texts,
        min(history_rows.row_no) as first_row_no,
        min(convictions.row_no) as conviction_row_no,
        min(history_rows.row_no) filter (where details.disposition_text is not null) as disposed_row_no,
        count(*) filter (where details.has_sentence_part) as sentence_parts
    from history_rows
    inner join details on history_rows.delivery_id = details.delivery_id and history_rows.row_no = details.row_no
    left join convictions
        on history_rows.delivery_id = convictions.delivery_id and history_rows.row_no = convictions.row_no
    group by history_rows.subject_key, history_rows.count_key, history_rows.delivery_id

),

final as (

    select
        counts.subject_key,
        counts.count_key,
        history_rows.count_order as cnt_order,
        case when history_rows.is_count_order_valid then substr(history_rows.count_order, 1, 6) end as cycle_step,
        counts.delivery_id,
        history_rows.row_no,
        counts.row_count,
        convictions.doj_conviction_key,
        convictions.doj_conviction_key is not null as is_convicted,
        {{ event_type('history_rows.step_type') }} as event_type,
        history_rows.step_type,
        history_rows.event_date,
        history_rows.county_name,
        history_rows.agency_name,
        history_rows.charge_text,
        history_rows.is_charge_in_comment,
        history_rows.offense_code,
        history_rows.offense_level_code,
        history_rows.qualifier_list,
        history_rows.convicted_offense_source,
        history_rows.convicted_charge_text,
        history_rows.convicted_offense_code,
        history_rows.convicted_offense_level_code,
        history_rows.convicted_qualifier_list,
        counts.convicted_charge_texts,
        case
            when convictions.doj_conviction_key is null and history_rows.convicted_charge_text is null then null
            when history_rows.convicted_charge_text is null then 'only_one_known'
            -- If a count has two convicted offenses, the file does not show which of them replaced the charge.
            when counts.convicted_charge_texts > 1 then 'cannot_tell'
            else comparisons.charged_convicted_difference
        end as charged_convicted_difference,
        details.disposition_code,
        details.disposition_text,
        details.disposition_date,
        history_rows.conviction_level_raw,
        convictions.level as conviction_level,
        counts.sentence_parts
    from counts
    inner join history_rows
        on
            counts.delivery_id = history_rows.delivery_id
            -- The columns come from the convicted row; without one, from the first row with a disposition; without a
            -- disposition, from the first row.
            and coalesce(counts.conviction_row_no, counts.disposed_row_no, counts.first_row_no) = history_rows.row_no
    inner join details on history_rows.delivery_id = details.delivery_id and history_rows.row_no = details.row_no
    left join convictions
        on history_rows.delivery_id = convictions.delivery_id and history_rows.row_no = convictions.row_no
    left join comparisons
        on
            history_rows.charge_text = comparisons.charge_text
            and history_rows.convicted_charge_text = comparisons.convicted_charge_text

)

select * from final
