-- Meaning of the disposition in each row of both files. Arrests are left out, because their text is an agency's note
-- and not a judgment.
with history_rows as (

    select
        *,
        {{ count_key() }} as count_key
    from {{ ref('int_criminal_history__rows') }}
    where disposition_text is not null

),

dispositions as (

    select * from {{ ref('int_dispositions__read') }}

),

step_types as (

    select * from {{ ref('int_dispositions__step_types') }}

),

level_words as (

    select * from {{ ref('record_words') }}
    where kind = 'level'

),

sections as (

    select * from {{ ref('int_criminal_history__offense_sections') }}

),

levels as (

    select
        raw_levels.conviction_level_raw,
        level_words.meaning as level,
        coalesce({{ has_content('raw_levels.conviction_level_raw') }}, false) as has_level
    from (select distinct conviction_level_raw from history_rows) as raw_levels
    left join level_words on trim({{ plain_words('raw_levels.conviction_level_raw') }}) = level_words.word

),

doj_rows as (

    select
        'ca_doj' as source,
        'doj|' || history_rows.subject_key || '|' || history_rows.count_key as source_conviction_key,
        history_rows.subject_key as person_or_case_key,
        history_rows.count_key,
        case when history_rows.is_count_order_valid then substr(history_rows.count_order, 1, 3) end as cycle_order,
        substr(history_rows.count_key, 1, 6) as step_key,
        history_rows.delivery_id,
        history_rows.row_no,
        -- The date of the disposition is used before the date of the step, because a step has one date for all its
        -- dispositions.
        coalesce(history_rows.disposition_date, history_rows.event_date) as disposed_date,
        history_rows.ofn as case_number,
        history_rows.charge_text,
        case when levels.has_level then levels.level else {{ level_of_code('history_rows.offense_level_code') }} end
            as level,
        dispositions.* replace (
            case
                -- A step of unknown type may be an arrest, so its conviction is unknown.
                when step_types.is_unknown and dispositions.disposition_type = 'convicted' then 'unknown'
                -- On steps such as registration or custody, a text with unknown words is not a disposition.
                when
                    coalesce(step_types.step_kind, 'court_action') not in ('court_action', 'prosecutor', 'other')
                    and dispositions.disposition_type = 'unknown'
                    then 'nothing'
                else dispositions.disposition_type
            end as disposition_type
        ),
        history_rows.sentence_length
        * case upper(history_rows.sentence_unit_code) when 'M' then 1 when 'Y' then 12 else 0 end as sentence_months,
        history_rows.sentence_length * case upper(history_rows.sentence_unit_code) when 'D' then 1 else 0 end
            as sentence_days,
        history_rows.is_sentence_readable
    from history_rows
    inner join dispositions on history_rows.disposition_text = dispositions.disposition_text
    left join step_types on history_rows.step_type = step_types.step_type
    left join levels on history_rows.conviction_level_raw = levels.conviction_level_raw
    where coalesce(step_types.step_kind, '') <> 'arrest'

),

court_rows as (

    select
        'la_court' as source,
        'court|' || counts.case_defendant_key || '|' || counts.count_label as source_conviction_key,
        counts.case_defendant_key as person_or_case_key,
        counts.count_label as count_key,
        cast(null as varchar) as cycle_order,
        -- A row of the court's file with a count number is about that count, and never a later row of another count.
        case when counts.count_number is null then counts.count_label else 'numbered' end as step_key,
        counts.delivery_id,
        counts.row_no,
        counts.disposition_date as disposed_date,
        counts.case_number,
        counts.convicted_statute as charge_text,
        counts.level,
        dispositions.*,
        -- The court's sentences are in a separate file, which has no dates.
        0 as sentence_months,
        0 as sentence_days,
        true as is_sentence_readable
    from {{ ref('int_court__counts') }} as counts
    inner join dispositions on upper(counts.disposition_type) = dispositions.disposition_text
    where not {{ is_juvenile_case_number('counts.case_number') }}

),

rows_of_both as (

    select * from doj_rows
    union all
    select * from court_rows

),

final as (

    select
        rows_of_both.* exclude (unknown_words, disposition_text, charge_text),
        upper(trim(rows_of_both.charge_text)) as comparable_charge,
        sections.section_numbers,
        {{ row_says() }} as row_says
    from rows_of_both
    left join sections on rows_of_both.charge_text = sections.charge_text
    where rows_of_both.disposition_type <> 'nothing'

)

select * from final
