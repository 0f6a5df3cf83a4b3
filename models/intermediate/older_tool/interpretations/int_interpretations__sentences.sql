-- The older tool adds the sentence of a repeated count to the last conviction that it has read, and stores lengths in
-- 64-bit nanoseconds.
with relevant_subjects as (

    select distinct subject_key from {{ ref('int_interpretations__relevant_subjects') }}

),

convicted_rows as (

    select
        history_rows.subject_key,
        history_rows.delivery_id,
        history_rows.row_no,
        history_rows.step_type = 'ARREST/DETAINED/CITED' as is_arrest,
        'doj|' || history_rows.subject_key || '|'
        || {{ count_key('history_rows.count_order') }} as doj_conviction_key,
        {{ published_sentence_days('history_rows.sentence_length', 'history_rows.sentence_unit_code') }} as days
    from {{ ref('int_criminal_history__rows') }} as history_rows
    inner join relevant_subjects on history_rows.subject_key = relevant_subjects.subject_key
    where history_rows.has_convicted_disposition

),

arrested_subjects as (

    select distinct subject_key from convicted_rows
    where is_arrest

),

-- The rows that we count as convictions, and the rows of arrests that the older tool counts as convictions.
read_rows as (

    select
        *,
        false as with_arrests
    from convicted_rows
    where not is_arrest
    union all
    select
        convicted_rows.*,
        true as with_arrests
    from convicted_rows
    inner join arrested_subjects on convicted_rows.subject_key = arrested_subjects.subject_key

),

numbered as (

    select
        *,
        row_number() over (partition by with_arrests, doj_conviction_key order by row_no) = 1 as is_first
    from read_rows

),

assigned as (

    select
        *,
        last_value(case when is_first then doj_conviction_key end ignore nulls) over (
            partition by with_arrests, subject_key, delivery_id order by row_no
        ) as assigned_key,
        -- 2^63 nanoseconds are 106,751.99 days; a longer sentence overflows into a negative number.
        case
            when abs(days) * 86400 < 9223372036 then days
            else days - floor((days * 86400 + 9223372036.854775807) / 18446744073.709551615) * 213503.98233460573
        end as overflown_days
    from numbered

),

subjects as (

    select
        subject_key,
        bool_or(with_arrests) as has_arrests,
        bool_or(not with_arrests and assigned_key <> doj_conviction_key and days <> 0) as is_misassigned,
        bool_or(overflown_days <> days) as is_overflown
    from assigned
    group by subject_key

),

parts as (

    select
        assigned.*,
        subjects.has_arrests,
        subjects.is_misassigned,
        subjects.is_overflown
    from assigned
    inner join subjects on assigned.subject_key = subjects.subject_key
    where subjects.is_misassigned or subjects.is_overflown or subjects.has_arrests

),

final as (

    select
        'sentence_misassigned' as reading,
        subject_key,
        assigned_key as doj_conviction_key,
        sum(days) as sentence_days
    from parts
    where is_misassigned and not with_arrests
    group by subject_key, assigned_key
    union all
    select
        'sentence_overflow' as reading,
        subject_key,
        doj_conviction_key,
        sum(overflown_days) as sentence_days
    from parts
    where is_overflown and not with_arrests
    group by subject_key, doj_conviction_key
    union all
    select
        'arrest_step' as reading,
        subject_key,
        doj_conviction_key,
        sum(days) as sentence_days
    from parts
    where with_arrests
    group by subject_key, doj_conviction_key
    union all
    select
        'older_tool' as reading,
        subject_key,
        assigned_key as doj_conviction_key,
        sum(overflown_days) as sentence_days
    from parts
    where with_arrests = has_arrests
    group by subject_key, assigned_key

)

select * from final
