-- Ours first, in which a birth date that cannot be true is unknown; the published rules take it as it is.
select
    subjects.subject_key as history_key,
    case when persons.birth_date = subjects.birth_date then subjects.birth_date end as birth_date,
    subjects.is_deceased
from {{ ref('int_criminal_history__subjects') }} as subjects
left join {{ ref('int_identity__persons') }} as persons on subjects.subject_key = persons.person_key
union all
select
    history_key,
    birth_date,
    is_deceased
from {{ ref('int_readings__subjects') }}
