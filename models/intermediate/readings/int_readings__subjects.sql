with histories as (

    select distinct
        history_key,
        reading,
        subject_key
    from {{ ref('int_readings__convictions') }}

),

read_otherwise as (

    select
        subject_key,
        bool_or(reading = 'birth_date_missing') as has_no_birth_date,
        bool_or(reading = 'deceased_spelling') as is_alive
    from {{ ref('int_readings__subjects_read') }}
    group by subject_key

),

subjects as (

    select * from {{ ref('int_criminal_history__subjects') }}

),

final as (

    select
        histories.history_key,
        case
            when histories.reading in ('birth_date_missing', 'older_tool') and read_otherwise.has_no_birth_date
                then {{ year_one() }}
            else subjects.birth_date
        end as birth_date,
        subjects.is_deceased
        and not (histories.reading in ('deceased_spelling', 'older_tool') and read_otherwise.is_alive) as is_deceased
    from histories
    inner join read_otherwise on histories.subject_key = read_otherwise.subject_key
    inner join subjects on histories.subject_key = subjects.subject_key

)

select * from final
