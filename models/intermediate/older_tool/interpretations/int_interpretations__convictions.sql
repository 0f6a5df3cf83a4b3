-- The convictions of people whose file is interpreted differently, in each interpretation. The older tool treats a
-- missing date as a date in the year 1.
with subjects_read as (

    select
        *,
        reading = 'older_tool' as reads_all
    from {{ ref('int_interpretations__subjects') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

convictions as (

    select
        doj_conviction_key,
        subject_key,
        delivery_id,
        row_no,
        subject_id,
        cnt_order,
        cycle_step,
        is_count_order_valid,
        case_number,
        conviction_date,
        level,
        is_felony_to_older_tool,
        county_name_raw,
        is_in_county,
        charge_text,
        convicted_charge_text,
        sentence_days,
        calendar_sentence_months,
        calendar_sentence_days,
        has_unreadable_sentence
    from {{ ref('int_published_rules__convictions') }}

),

arrest_step_convictions as (

    select
        arrests.doj_conviction_key,
        arrests.subject_key,
        arrests.delivery_id,
        arrests.row_no,
        arrests.subject_id,
        arrests.cnt_order,
        arrests.cycle_step,
        arrests.is_count_order_valid,
        convictions.case_number,
        arrests.conviction_date,
        case when arrests.is_felony_to_older_tool then 'felony' else 'misdemeanor' end as level,
        arrests.is_felony_to_older_tool,
        arrests.county_name_raw,
        arrests.county_name = context.county_name as is_in_county,
        arrests.charge_text,
        cast(null as varchar) as convicted_charge_text,
        coalesce(convictions.sentence_days, 0) as sentence_days,
        coalesce(convictions.calendar_sentence_months, 0) as calendar_sentence_months,
        coalesce(convictions.calendar_sentence_days, 0) as calendar_sentence_days,
        coalesce(convictions.has_unreadable_sentence, false) as has_unreadable_sentence
    from {{ ref('int_interpretations__arrest_step_convictions') }} as arrests
    cross join context
    left join convictions on arrests.doj_conviction_key = convictions.doj_conviction_key

),

chosen as (

    select
        subjects_read.reading,
        subjects_read.reads_all,
        convictions.*
    from subjects_read
    inner join convictions on subjects_read.subject_key = convictions.subject_key
    left join arrest_step_convictions
        on
            convictions.doj_conviction_key = arrest_step_convictions.doj_conviction_key
            and subjects_read.reading in ('arrest_step', 'older_tool')
    where arrest_step_convictions.doj_conviction_key is null
    union all
    select
        subjects_read.reading,
        subjects_read.reads_all,
        arrest_step_convictions.*
    from subjects_read
    inner join arrest_step_convictions on subjects_read.subject_key = arrest_step_convictions.subject_key
    where subjects_read.reading in ('arrest_step', 'older_tool')

),

impossible_dates as (

    select source_conviction_key from {{ ref('int_convictions__impossible_dates') }}
    where fact = 'conviction_date'

),

read_dates as (

    select
        chosen.* exclude (conviction_date, level, is_in_county, charge_text, sentence_days),
        case
            when (chosen.reading = 'missing_date' or chosen.reads_all) and chosen.conviction_date is null
                then {{ year_one() }}
            when chosen.reading = 'impossible_date' and impossible_dates.source_conviction_key is not null then null
            else chosen.conviction_date
        end as conviction_date,
        case
            when chosen.reading <> 'level_unknown' and not chosen.reads_all then chosen.level
            when chosen.is_felony_to_older_tool then 'felony'
            else 'misdemeanor'
        end as level,
        case
            when chosen.is_in_county is null and (chosen.reading = 'county_blank' or chosen.reads_all) then false
            when
                chosen.is_in_county
                and (chosen.reading = 'county_spelling' or chosen.reads_all)
                and chosen.county_name_raw <> context.county_name
                then false
            else chosen.is_in_county
        end as is_in_county,
        case
            when chosen.reading = 'charged_not_convicted'
                then coalesce(chosen.convicted_charge_text, chosen.charge_text)
            else chosen.charge_text
        end as charge_text,
        coalesce(sentences.sentence_days, chosen.sentence_days) as sentence_days
    from chosen
    cross join context
    left join impossible_dates on chosen.doj_conviction_key = impossible_dates.source_conviction_key
    left join {{ ref('int_interpretations__sentences') }} as sentences
        on
            chosen.reading = sentences.reading
            and chosen.doj_conviction_key = sentences.doj_conviction_key

),

-- Marks the charges that this interpretation reads in the older tool's way.
read_charges as (

    select
        read_dates.*,
        charges.* exclude (
            charge_text, is_prop_64, is_prop_64_before_hyphen, section, names_11357, names_11358, names_11359,
            names_11360, is_attempt, is_conspiracy, is_two_sections, names_another_section, is_not_understood, is_blank,
            offense, is_look_alike, is_attempt_lost
        ),
        charges.is_attempt_lost,
        older_tool.charge_text is not null
        and case
            when read_dates.reads_all then true
            when read_dates.reading = 'look_alike' then older_tool.is_look_alike
            when read_dates.reading = 'two_sections' then older_tool.is_two_sections
            when read_dates.reading = 'attempt_lost' then older_tool.is_attempt_lost
            when read_dates.reading = 'attempt_ignored' then older_tool.is_attempt_ignored
            when read_dates.reading = 'conspiracy' then older_tool.is_conspiracy
            else false
        end as is_read_by_older_tool,
        charges.is_prop_64 as is_prop_64_to_us,
        charges.is_prop_64_before_hyphen as is_prop_64_before_hyphen_to_us,
        charges.section as section_to_us,
        older_tool.is_prop_64 as is_prop_64_to_older_tool,
        older_tool.section as section_to_older_tool,
        {% for section in ['11357', '11358', '11359', '11360'] %}
        charges.names_{{ section }} as names_{{ section }}_to_us,
        older_tool.names_{{ section }} as names_{{ section }}_to_older_tool,
        {% endfor %}
        charges.is_attempt as is_attempt_to_us,
        charges.is_conspiracy as is_conspiracy_to_us,
        charges.is_two_sections as is_two_sections_to_us,
        charges.names_another_section as names_another_section_to_us,
        charges.is_not_understood as is_not_understood_to_us,
        case
            when read_dates.reading = 'charge_blank' or read_dates.reads_all then false
            else charges.is_blank
        end as is_blank
    from read_dates
    left join {{ ref('int_charges__parsed') }} as charges on read_dates.charge_text = charges.charge_text
    left join {{ ref('int_interpretations__charges') }} as older_tool on read_dates.charge_text = older_tool.charge_text

),

final as (

    select
        reading,
        -- The older tool treats each file as a separate history.
        subject_key || '|' || reading
        || case when reading in ('counted_per_file', 'older_tool') then '|' || delivery_id else '' end as history_key,
        case when reading in ('counted_per_file', 'older_tool') then delivery_id end as history_delivery_id,
        doj_conviction_key || '|' || reading as conviction_key,
        subject_key,
        doj_conviction_key,
        delivery_id,
        row_no,
        subject_id,
        cnt_order,
        cycle_step,
        is_count_order_valid,
        case_number,
        conviction_date,
        level,
        is_in_county,
        charge_text,
        code_section_text,
        coalesce(case when is_read_by_older_tool then is_prop_64_to_older_tool else is_prop_64_to_us end, false)
            as is_prop_64,
        is_prop_64_predecessor,
        coalesce(
            case when is_read_by_older_tool then is_prop_64_to_older_tool else is_prop_64_before_hyphen_to_us end, false
        ) as is_prop_64_before_hyphen,
        case when is_read_by_older_tool then section_to_older_tool else section_to_us end as section,
        {% for section in ['11357', '11358', '11359', '11360'] %}
        case when is_read_by_older_tool then names_{{ section }}_to_older_tool else names_{{ section }}_to_us end
            as names_{{ section }},
        {% endfor %}
        {% for flag in [
            'is_attempt', 'is_conspiracy', 'is_two_sections', 'names_another_section', 'is_not_understood'
        ] %}
        not is_read_by_older_tool and {{ flag }}_to_us as {{ flag }},
        {% endfor %}
        coalesce(is_blank, reading <> 'charge_blank' and not reads_all) as is_blank,
        starts_11357_a_or_b,
        first_five_characters,
        sentence_days,
        calendar_sentence_months,
        calendar_sentence_days,
        has_unreadable_sentence
    from read_charges

)

select * from final
