select
    subject_key as history_key,
    list_id,
    doj_conviction_key as conviction_key,
    evidence_date,
    is_certain,
    is_conviction_unclear
from {{ ref('int_convictions__disqualifiers') }}
union all
select
    history_key,
    list_id,
    conviction_key,
    evidence_date,
    is_certain,
    false as is_conviction_unclear
from {{ ref('int_published_rules__disqualifiers') }}
{% if var('older_tool') %}
union all
select
    history_key,
    list_id,
    conviction_key,
    evidence_date,
    is_certain,
    false as is_conviction_unclear
from {{ ref('int_interpretations__disqualifiers') }}
{% endif %}
