select
    subject_key as history_key,
    birth_date,
    is_deceased
from {{ ref('int_criminal_history__subjects') }}
union all
select
    history_key,
    birth_date,
    is_deceased
from {{ ref('int_readings__subjects') }}
