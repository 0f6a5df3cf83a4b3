-- People whose file the published rules (P1 and P2) interpret differently from every other policy, because of
-- convictions, levels, later rows, or a date that cannot be true.
with literal_rows as (

    select
        subject_key,
        delivery_id,
        row_no
    from {{ ref('int_criminal_history__rows') }}
    where {{ is_conviction_as_published() }}

),

judgment_rows as (

    select
        judgment_rows.*,
        rows_said.person_or_case_key as subject_key
    from {{ ref('int_judgments__judgment_rows') }} as judgment_rows
    inner join {{ ref('int_judgments__rows') }} as rows_said
        on judgment_rows.delivery_id = rows_said.delivery_id and judgment_rows.row_no = rows_said.row_no
    where judgment_rows.source = 'ca_doj'

),

judgments as (

    select
        judgments.*,
        rows_said.person_or_case_key as subject_key
    from {{ ref('int_judgments__judgments') }} as judgments
    inner join {{ ref('int_judgments__rows') }} as rows_said
        on judgments.delivery_id = rows_said.delivery_id and judgments.row_no = rows_said.row_no
    where judgments.source = 'ca_doj'

),

-- The level as written in the row of the conviction, to find spellings that the published rules do not understand.
levels as (

    select
        convictions.subject_key,
        convictions.level,
        {{ level_as_published('history_rows.conviction_level_raw', 'history_rows.offense_level_code') }}
            as published_level
    from {{ ref('int_convictions__criminal_history') }} as convictions
    inner join {{ ref('int_criminal_history__rows') }} as history_rows
        on convictions.delivery_id = history_rows.delivery_id and convictions.row_no = history_rows.row_no

),

-- A birth date in the file that is not used for the person, because it cannot be true.
impossible_births as (

    select subjects.subject_key
    from {{ ref('int_criminal_history__subjects') }} as subjects
    left join {{ ref('int_identity__persons') }} as persons on subjects.subject_key = persons.person_key
    where subjects.birth_date is not null and coalesce(persons.birth_date <> subjects.birth_date, true)

),

final as (

    select coalesce(literal_rows.subject_key, judgment_rows.subject_key) as subject_key
    from literal_rows
    full outer join judgment_rows
        on literal_rows.delivery_id = judgment_rows.delivery_id and literal_rows.row_no = judgment_rows.row_no
    where literal_rows.row_no is null or judgment_rows.row_no is null
    union
    select subject_key from judgments
    where
        conviction_status <> 'convicted'
        or sentence_moved_to_date is not null
        or is_sentence_end_unknown
        or has_several_contents
    union
    -- People with a conviction that is represented by a row other than the first one in file order.
    select subject_key
    from judgment_rows
    group by subject_key, source_conviction_key
    having min(case when is_conviction_row then row_no end) > min(row_no)
    union
    select subject_key from levels
    where level is distinct from published_level
    union
    select subject_key from impossible_births
    union
    select record_key as subject_key
    from {{ ref('int_convictions__impossible_dates') }}
    where fact = 'conviction_date' and source = 'ca_doj'

)

select * from final
