with histories as (

    select distinct
        history_key,
        reading,
        subject_key,
        history_delivery_id
    from {{ ref('int_interpretations__convictions') }}

),

read_otherwise as (

    select
        subject_key,
        bool_or(reading = 'birth_date_missing') as has_no_birth_date,
        bool_or(reading = 'deceased_spelling') as is_alive,
        bool_or(reading = 'counted_per_file') as is_in_several_files
    from {{ ref('int_interpretations__subjects') }}
    group by subject_key

),

subjects as (

    select * from {{ ref('int_criminal_history__subjects') }}

),

persons as (

    select
        person_key,
        birth_date
    from {{ ref('int_identity__persons') }}

),

-- For a person in several files: birth date and death as each single file has them.
subjects_of_files as (

    select
        history_rows.subject_key,
        history_rows.delivery_id,
        first(history_rows.birth_date order by history_rows.row_no) filter (where history_rows.birth_date is not null)
            as birth_date,
        first(history_rows.birth_date is null order by history_rows.row_no) as is_first_row_undated,
        bool_or(history_rows.step_type = 'DECEASED') as is_deceased,
        bool_or(history_rows.step_type_raw = 'DECEASED') as is_deceased_to_older_tool
    from {{ ref('int_criminal_history__rows') }} as history_rows
    inner join read_otherwise on history_rows.subject_key = read_otherwise.subject_key
    where read_otherwise.is_in_several_files
    group by history_rows.subject_key, history_rows.delivery_id

),

final as (

    select
        histories.history_key,
        case
            when subjects_of_files.subject_key is not null
                then case
                    when histories.reading = 'older_tool' and subjects_of_files.is_first_row_undated
                        then {{ year_one() }}
                    else subjects_of_files.birth_date
                end
            when histories.reading in ('birth_date_missing', 'older_tool') and read_otherwise.has_no_birth_date
                then {{ year_one() }}
            -- A birth date that cannot be true is unknown. In our history the person then has another birth date, or
            -- none.
            when
                histories.reading = 'impossible_date'
                and coalesce(persons.birth_date <> subjects.birth_date, true)
                then null
            else subjects.birth_date
        end as birth_date,
        case
            when subjects_of_files.subject_key is not null and histories.reading = 'older_tool'
                then subjects_of_files.is_deceased_to_older_tool
            when subjects_of_files.subject_key is not null then subjects_of_files.is_deceased
            else
                subjects.is_deceased
                and not (histories.reading in ('deceased_spelling', 'older_tool') and read_otherwise.is_alive)
        end as is_deceased
    from histories
    inner join read_otherwise on histories.subject_key = read_otherwise.subject_key
    inner join subjects on histories.subject_key = subjects.subject_key
    left join persons on histories.subject_key = persons.person_key
    left join subjects_of_files
        on
            histories.subject_key = subjects_of_files.subject_key
            and histories.history_delivery_id = subjects_of_files.delivery_id

)

select * from final
