-- The first rows are those of our histories, in which a birth date that cannot be true is unknown. Then come the
-- histories of the published rules, which use the birth date as it is recorded.
select
    subjects.subject_key as history_key,
    case when persons.birth_date = subjects.birth_date then subjects.birth_date end as birth_date,
    subjects.is_deceased
from {{ ref('int_criminal_history__subjects') }} as subjects
left join {{ ref('int_identity__persons') }} as persons on subjects.subject_key = persons.person_key
union all
select distinct
    convictions.history_key,
    subjects.birth_date,
    subjects.is_deceased
from {{ ref('int_published_rules__history_convictions') }} as convictions
inner join {{ ref('int_criminal_history__subjects') }} as subjects on convictions.subject_key = subjects.subject_key
{% if var('older_tool') %}
union all
select
    history_key,
    birth_date,
    is_deceased
from {{ ref('int_interpretations__history_subjects') }}
{% endif %}
