-- The convictions that the published rules (P1 and P2) evaluate instead of ours. Only people with a conviction that
-- some policy may evaluate are included.
with convictions as (

    select * from {{ ref('int_published_rules__convictions') }}

),

subjects as (

    select * from {{ ref('int_published_rules__subjects') }}

),

charges as (

    select * from {{ ref('int_charges__parsed') }}

),

relevant_charges as (

    select charge_text from charges
    where is_prop_64 or is_prop_64_predecessor
    union
    select charge_text from {{ ref('int_charges__list_matches') }}
    where list_id in ('cmr_2019_prop_64', 'cmr_2019_related')

),

relevant_subjects as (

    select convictions.subject_key
    from convictions
    inner join subjects on convictions.subject_key = subjects.subject_key
    inner join relevant_charges on convictions.charge_text = relevant_charges.charge_text
    group by convictions.subject_key

),

final as (

    select
        'published' as reading,
        convictions.subject_key || '|published' as history_key,
        cast(null as varchar) as history_delivery_id,
        convictions.doj_conviction_key || '|published' as conviction_key,
        convictions.subject_key,
        convictions.doj_conviction_key,
        convictions.delivery_id,
        convictions.row_no,
        convictions.subject_id,
        convictions.cnt_order,
        convictions.cycle_step,
        convictions.is_count_order_valid,
        convictions.case_number,
        convictions.conviction_date,
        convictions.level,
        convictions.is_in_county,
        convictions.charge_text,
        convictions.code_section_text,
        coalesce(charges.is_prop_64, false) as is_prop_64,
        charges.is_prop_64_predecessor,
        coalesce(charges.is_prop_64_before_hyphen, false) as is_prop_64_before_hyphen,
        charges.section,
        charges.names_11357,
        charges.names_11358,
        charges.names_11359,
        charges.names_11360,
        charges.is_attempt,
        charges.is_conspiracy,
        charges.is_two_sections,
        charges.names_another_section,
        charges.is_not_understood,
        coalesce(charges.is_blank, true) as is_blank,
        charges.starts_11357_a_or_b,
        charges.first_five_characters,
        convictions.sentence_days,
        convictions.calendar_sentence_months,
        convictions.calendar_sentence_days,
        convictions.has_unreadable_sentence
    from convictions
    inner join relevant_subjects on convictions.subject_key = relevant_subjects.subject_key
    left join charges on convictions.charge_text = charges.charge_text

)

select * from final
