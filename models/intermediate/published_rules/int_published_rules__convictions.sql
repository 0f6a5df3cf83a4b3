{% set columns = [
    'doj_conviction_key', 'subject_key', 'delivery_id', 'row_no', 'subject_id', 'cnt_order', 'cycle_step',
    'is_count_order_valid', 'case_number', 'conviction_date', 'level', 'is_felony_to_older_tool', 'county_name',
    'county_name_raw', 'is_in_county', 'charge_text', 'code_section_text', 'is_blank', 'convicted_charge_text',
    'sentence_days', 'calendar_sentence_months', 'calendar_sentence_days', 'has_unreadable_sentence',
] %}
-- For the published rules (P1 and P2), a text that begins with CONVICTED is a conviction; its first row in file order
-- gives the level. For most people, this finds the same convictions as every other policy, so only the other people are
-- read again.
with subjects_read_otherwise as (

    select * from {{ ref('int_published_rules__subjects') }}

),

history_rows as (

    select
        all_rows.*,
        {{ count_key(of='all_rows.', count_order='count_order') }} as count_key,
        case when all_rows.is_count_order_valid then substr(all_rows.count_order, 1, 6) end as cycle_step
    from {{ ref('int_criminal_history__rows') }} as all_rows
    inner join subjects_read_otherwise on all_rows.subject_key = subjects_read_otherwise.subject_key

),

charges as (

    select * from {{ ref('int_charges__parsed') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

convicted_rows as (

    select * from history_rows
    -- A CONVICTED text on an arrest is the arresting agency's note, not a judgment.
    where {{ is_conviction_as_published() }}

),

sentences as (

    select
        subject_key,
        count_key,
        -- The first convicted row of a count, in file order, is the conviction.
        min(row_no) as first_row_no,
        sum(
            {{ published_sentence_days('sentence_length', 'sentence_unit_code') }}
        ) as sentence_days,
        sum(sentence_length * case upper(sentence_unit_code) when 'M' then 1 when 'Y' then 12 else 0 end)
            as calendar_sentence_months,
        sum(sentence_length * case upper(sentence_unit_code) when 'D' then 1 else 0 end) as calendar_sentence_days,
        bool_or(not is_sentence_readable) as has_unreadable_sentence
    from convicted_rows
    group by subject_key, count_key

),

case_numbers as (

    select * from {{ ref('int_criminal_history__case_numbers') }}

),

convictions as (

    select
        'doj|' || convicted_rows.subject_key || '|' || convicted_rows.count_key as doj_conviction_key,
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
        -- Only the published spelling is a felony. `FELONY ` and `felony`, which the older tool read as misdemeanors,
        -- have an unknown level (defect level_unknown).
        {{ level_as_published('convicted_rows.conviction_level_raw', 'convicted_rows.offense_level_code') }} as level,
        {{ is_felony_to_older_tool('convicted_rows.conviction_level_raw', 'convicted_rows.offense_level_code_raw') }}
            as is_felony_to_older_tool,
        convicted_rows.county_name,
        convicted_rows.county_name_raw,
        convicted_rows.county_name = context.county_name as is_in_county,
        convicted_rows.charge_text,
        convicted_rows.convicted_charge_text,
        charges.code_section_text,
        charges.is_blank,
        sentences.sentence_days,
        sentences.calendar_sentence_months,
        sentences.calendar_sentence_days,
        sentences.has_unreadable_sentence
    from convicted_rows
    cross join context
    inner join sentences
        on
            convicted_rows.subject_key = sentences.subject_key
            and convicted_rows.count_key = sentences.count_key
            and convicted_rows.row_no = sentences.first_row_no
    left join charges on convicted_rows.charge_text = charges.charge_text
    left join case_numbers
        on
            convicted_rows.subject_key = case_numbers.subject_key
            and convicted_rows.cycle_step = case_numbers.cycle_step

),

convictions_read_otherwise as (

    {{ with_case_numbers('convictions', 'case_number_first') }}

),

final as (

    select common_convictions.{{ columns | join(', common_convictions.') }}
    from {{ ref('int_convictions__criminal_history') }} as common_convictions
    left join subjects_read_otherwise on common_convictions.subject_key = subjects_read_otherwise.subject_key
    where subjects_read_otherwise.subject_key is null
    union all
    select {{ columns | join(', ') }}
    from convictions_read_otherwise

)

select * from final
