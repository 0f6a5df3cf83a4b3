-- People whose file the older tool interprets differently, with the defect that causes it. `older_tool` stands for all
-- defects together, as in the older tool itself.
with relevant_subjects as (

    select * from {{ ref('int_interpretations__relevant_subjects') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

convictions as (

    select convictions.*
    from {{ ref('int_published_rules__convictions') }} as convictions
    inner join relevant_subjects on convictions.subject_key = relevant_subjects.subject_key

),

-- Convictions in our interpretation or the older tool's. If the older tool counts a text on an arrest as a conviction,
-- other defects may affect that text too.
conviction_texts as (

    select
        subject_key,
        conviction_date,
        county_name,
        county_name_raw,
        charge_text,
        coalesce(is_blank, true) as is_blank
    from convictions
    union all
    select
        arrests.subject_key,
        arrests.conviction_date,
        arrests.county_name,
        arrests.county_name_raw,
        arrests.charge_text,
        coalesce(charges.is_blank, true) as is_blank
    from {{ ref('int_interpretations__arrest_step_convictions') }} as arrests
    inner join relevant_subjects on arrests.subject_key = relevant_subjects.subject_key
    left join {{ ref('int_charges__parsed') }} as charges on arrests.charge_text = charges.charge_text

),

history_rows as (

    select history_rows.*
    from {{ ref('int_criminal_history__rows') }} as history_rows
    inner join relevant_subjects on history_rows.subject_key = relevant_subjects.subject_key

),

charges as (

    select * from {{ ref('int_interpretations__charges') }}

),

-- A charge text that matches a list of 2019 by pattern but not by section, or by section but not by pattern.
strike_list_charges as (

    select charge_text
    from {{ ref('int_charges__list_matches') }}
    where
        list_id in (
            'cmr_2019_super_strike', 'cmr_2019_pc290', 'sections_2019_super_strike', 'sections_2019_pc290'
        )
    group by charge_text
    having
        bool_or(list_id = 'cmr_2019_super_strike') <> bool_or(list_id = 'sections_2019_super_strike')
        or bool_or(list_id = 'cmr_2019_pc290') <> bool_or(list_id = 'sections_2019_pc290')

),

by_conviction as (

    select
        subject_key,
        'missing_date' as reading
    from conviction_texts
    where conviction_date is null
    union all
    select
        subject_key,
        'level_unknown' as reading
    from convictions
    where is_felony_to_older_tool <> coalesce(level = 'felony', not is_felony_to_older_tool)
    union all
    select
        conviction_texts.subject_key,
        'county_spelling' as reading
    from conviction_texts
    inner join context on conviction_texts.county_name = context.county_name
    where conviction_texts.county_name_raw <> context.county_name
    union all
    select
        subject_key,
        'county_blank' as reading
    from conviction_texts
    where county_name is null
    union all
    select
        subject_key,
        'charge_blank' as reading
    from conviction_texts
    where is_blank
    union all
    select
        subject_keys.subject_key,
        'counted_per_file' as reading
    from {{ ref('int_criminal_history__subject_keys') }} as subject_keys
    inner join relevant_subjects on subject_keys.subject_key = relevant_subjects.subject_key
    group by subject_keys.subject_key
    having count(distinct subject_keys.delivery_id) > 1
    union all
    select
        conviction_texts.subject_key,
        'strike_list' as reading
    from conviction_texts
    inner join strike_list_charges on conviction_texts.charge_text = strike_list_charges.charge_text

),

by_charge as (

    {% for defect in ['look_alike', 'two_sections', 'attempt_lost', 'attempt_ignored', 'conspiracy'] %}
    select
        conviction_texts.subject_key,
        '{{ defect }}' as reading
    from conviction_texts
    inner join charges on conviction_texts.charge_text = charges.charge_text
    where charges.is_{{ defect }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- A different text may mean the same offense; the comparison of answers shows whether the difference matters.
by_convicted_charge as (

    select
        convictions.subject_key,
        'charged_not_convicted' as reading
    from convictions
    inner join {{ ref('int_charges__parsed') }} as convicted
        on convictions.convicted_charge_text = convicted.charge_text
    where
        not convicted.is_blank
        and coalesce(upper(trim(convictions.code_section_text)), '') <> upper(trim(convicted.code_section_text))

),

undated_births as (

    select
        subject_key,
        min(delivery_rank * 1000000000000 + row_no) as first_undated
    from history_rows
    where birth_date is null
    group by subject_key

),

-- The older tool takes the birth date of a person's first row, even if it is empty.
first_rows_undated as (

    select undated_births.subject_key
    from undated_births
    inner join history_rows on undated_births.subject_key = history_rows.subject_key
    group by undated_births.subject_key
    having min(history_rows.delivery_rank * 1000000000000 + history_rows.row_no) = max(undated_births.first_undated)

),

-- A birth date in the file that is not used for the person, because it cannot be true.
impossible_births as (

    select subjects.subject_key
    from {{ ref('int_criminal_history__subjects') }} as subjects
    inner join relevant_subjects on subjects.subject_key = relevant_subjects.subject_key
    left join {{ ref('int_identity__persons') }} as persons on subjects.subject_key = persons.person_key
    where subjects.birth_date is not null and coalesce(persons.birth_date <> subjects.birth_date, true)

),

by_subject as (

    select
        subject_key,
        'birth_date_missing' as reading
    from first_rows_undated
    union all
    select
        subject_key,
        'impossible_date' as reading
    from impossible_births
    union all
    select
        relevant_subjects.subject_key,
        'impossible_date' as reading
    from {{ ref('int_convictions__impossible_dates') }} as impossible_dates
    inner join relevant_subjects on impossible_dates.record_key = relevant_subjects.subject_key
    where impossible_dates.fact = 'conviction_date' and impossible_dates.source = 'ca_doj'
    union all
    select
        disqualifiers.subject_key,
        'undated_disqualifier' as reading
    from {{ ref('int_convictions__disqualifiers') }} as disqualifiers
    inner join relevant_subjects on disqualifiers.subject_key = relevant_subjects.subject_key
    where disqualifiers.evidence = '290 registration' or disqualifiers.evidence like '% + 186.22(B)(4) PC'
    union all
    select
        subject_key,
        'registration_prefix' as reading
    from history_rows
    where {{ is_registration_by_prefix() }}
    union all
    select
        subject_key,
        'deceased_spelling' as reading
    from history_rows
    where step_type = 'DECEASED'
    group by subject_key
    having max(case when step_type_raw = 'DECEASED' then 1 else 0 end) = 0
    union all
    select
        convictions.subject_key,
        'arrest_step' as reading
    from {{ ref('int_interpretations__arrest_step_convictions') }} as convictions
    inner join relevant_subjects on convictions.subject_key = relevant_subjects.subject_key
    union all
    select
        subject_key,
        reading
    from {{ ref('int_interpretations__sentences') }}
    where reading <> 'older_tool'

),

by_defect as (

    select * from by_conviction
    union
    select * from by_charge
    union
    select * from by_convicted_charge
    union
    select * from by_subject

),

final as (

    select
        subject_key,
        reading
    from by_defect
    union
    -- Three defects are only listed and are not part of `older_tool`, because the published answer follows our
    -- interpretation there.
    select
        subject_key,
        'older_tool' as reading
    from by_defect
    where reading not in ('strike_list', 'charged_not_convicted', 'impossible_date')

)

select * from final
