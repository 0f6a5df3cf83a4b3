{% set columns = [
    'doj_conviction_key', 'subject_key', 'delivery_id', 'row_no', 'subject_id', 'cnt_order', 'cycle_step',
    'is_count_order_valid', 'case_number', 'conviction_date', 'level', 'is_felony_to_older_tool', 'county_name',
    'county_name_raw', 'is_in_county', 'charge_text', 'code_section_text', 'is_blank', 'convicted_charge_text',
    'sentence_days', 'calendar_sentence_months', 'calendar_sentence_days', 'has_unreadable_sentence',
] %}
-- Everybody's convictions as P1 and P2 take them: for most people they are those of every policy.
select convictions.{{ columns | join(', convictions.') }}
from {{ ref('int_convictions__criminal_history') }} as convictions
left join {{ ref('int_readings__published_subjects') }} as published_subjects
    on convictions.subject_key = published_subjects.subject_key
where published_subjects.subject_key is null
union all
select {{ columns | join(', ') }}
from {{ ref('int_readings__published_convictions') }}
