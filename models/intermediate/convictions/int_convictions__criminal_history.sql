with history_rows as (

    select
        *,
        {{ count_key() }} as count_key,
        case when is_count_order_valid then substr(count_order, 1, 6) end as cycle_step
    from {{ ref('int_criminal_history__rows') }}

),

charges as (

    select * from {{ ref('int_charges__parsed') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

judgments as (

    select * from {{ ref('int_judgments__judgments') }}
    where source = 'ca_doj' and conviction_status <> 'ended'

),

judgment_rows as (

    select * from {{ ref('int_judgments__judgment_rows') }}

),

convicted_rows as (

    select
        history_rows.*,
        judgments.source_conviction_key as doj_conviction_key,
        judgments.conviction_status,
        judgments.level,
        judgments.level_at_conviction,
        judgments.sentence_moved_to_date,
        judgments.is_sentence_end_unknown
    from judgments
    inner join history_rows
        on judgments.delivery_id = history_rows.delivery_id and judgments.row_no = history_rows.row_no

),

sentences as (

    select
        judgment_rows.source_conviction_key,
        sum(
            {{ published_sentence_days('sentence_length', 'sentence_unit_code') }}
        ) as sentence_days,
        sum(sentence_length * case upper(sentence_unit_code) when 'M' then 1 when 'Y' then 12 else 0 end)
            as calendar_sentence_months,
        sum(sentence_length * case upper(sentence_unit_code) when 'D' then 1 else 0 end) as calendar_sentence_days,
        bool_or(not is_sentence_readable) as has_unreadable_sentence
    from judgment_rows
    inner join history_rows
        on judgment_rows.delivery_id = history_rows.delivery_id and judgment_rows.row_no = history_rows.row_no
    group by judgment_rows.source_conviction_key

),

case_numbers as (

    select * from {{ ref('int_criminal_history__case_numbers') }}

),

convictions as (

    select
        convicted_rows.doj_conviction_key,
        convicted_rows.subject_key,
        convicted_rows.delivery_id,
        convicted_rows.row_no,
        convicted_rows.subject_id,
        convicted_rows.cii_number,
        convicted_rows.count_order as cnt_order,
        convicted_rows.cycle_step,
        convicted_rows.is_count_order_valid,
        case_numbers.case_number,
        coalesce(convicted_rows.ofn, case_numbers.case_number_first) as case_number_first,
        convicted_rows.ofn is not null as has_own_case_number,
        convicted_rows.event_date as conviction_date,
        convicted_rows.conviction_status,
        convicted_rows.level,
        convicted_rows.level_at_conviction,
        {{ is_felony_to_older_tool('convicted_rows.conviction_level_raw', 'convicted_rows.offense_level_code_raw') }}
            as is_felony_to_older_tool,
        convicted_rows.county_name,
        convicted_rows.county_name_raw,
        convicted_rows.county_name = context.county_name as is_in_county,
        convicted_rows.charge_text,
        convicted_rows.is_charge_in_comment,
        convicted_rows.offense_code,
        convicted_rows.offense_level_code,
        convicted_rows.qualifier_list,
        convicted_rows.convicted_offense_source,
        convicted_rows.convicted_charge_text,
        convicted_rows.convicted_offense_code,
        convicted_rows.convicted_offense_level_code,
        convicted_rows.convicted_qualifier_list,
        charges.* exclude (charge_text),
        sentences.sentence_days,
        sentences.calendar_sentence_months,
        sentences.calendar_sentence_days,
        sentences.has_unreadable_sentence,
        convicted_rows.sentence_moved_to_date,
        convicted_rows.is_sentence_end_unknown
    from convicted_rows
    cross join context
    inner join sentences on convicted_rows.doj_conviction_key = sentences.source_conviction_key
    left join charges on convicted_rows.charge_text = charges.charge_text
    left join case_numbers
        on
            convicted_rows.subject_key = case_numbers.subject_key
            and convicted_rows.cycle_step = case_numbers.cycle_step

),

final as (

    {{ with_case_numbers('convictions', 'case_number_first') }}

)

select * from final
