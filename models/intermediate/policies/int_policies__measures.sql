{#
    Every measure is a number between a lower and an upper bound. Equal bounds mean that it is known, NULL is no bound.
    Yes is 1 and no is 0. `facts` are the missing facts because of which the bounds differ.
#}
{% set yes_no = [
    ('is_felony', "level = 'felony'", 'level', 'cannabis'),
    ('is_deceased', 'is_deceased', None, 'with_history'),
    ('starts_11357_a_or_b', 'case when not is_section_unknown then starts_11357_a_or_b end', 'section', 'cannabis'),
    ('names_11357', 'case when not is_section_unknown then names_11357 end', 'section', 'cannabis'),
    ('names_11358', 'case when not is_section_unknown then names_11358 end', 'section', 'cannabis'),
    ('names_11359', 'case when not is_section_unknown then names_11359 end', 'section', 'cannabis'),
    ('names_11360', 'case when not is_section_unknown then names_11360 end', 'section', 'cannabis'),
    ('is_completed_cannabis_offense', 'case when is_surely_cannabis then true end', 'section', 'cannabis'),
    (
        'is_completed_cannabis_or_related_offense', 'case when is_surely_cannabis or is_related then true end',
        'section', 'evaluated'
    ),
] %}
{% set known_numbers = [
    (
        'conviction_date_yyyymmdd',
        as_yyyymmdd('conviction_date'),
        fact('conviction_date'), 'cannabis'
    ),
    (
        'leftmost_section', 'case when is_prop_64 then try_cast(section as double) else 0 end',
        fact('section'), 'cannabis'
    ),
    (
        'age_at_evaluation_years', whole_years_between('birth_date', 'evaluated_as_of_date'),
        fact('birth_date'), 'with_history'
    ),
    (
        'age_at_evaluation_julian_years', "datediff('day', birth_date, evaluated_as_of_date) / 365.25",
        fact('birth_date'), 'with_history'
    ),
    (
        'age_at_conviction_years', whole_years_between('birth_date', 'conviction_date'),
        'case when birth_date is null then ' ~ fact('birth_date') ~ ' else 0 end'
        ~ ' | case when conviction_date is null then ' ~ fact('conviction_date') ~ ' else 0 end', 'with_history'
    ),
    (
        'years_since_conviction', whole_years_between('conviction_date', 'evaluated_as_of_date', 'to'),
        fact('conviction_date'), 'cannabis'
    ),
] %}
{% set earlier = ['earlier_super_strikes__cmr_2019', 'earlier_pc_290__cmr_2019', 'earlier_prop_64_same_section'] %}

with evaluated as (

    select
        evaluated.*,
        history.birth_date,
        history.is_deceased,
        history.convictions,
        history.prop_64_convictions,
        history.possible_prop_64_convictions,
        history.unclear_convictions,
        history.unclear_convictions_of_others,
        history.latest_conviction_date,
        cast(history.latest_conviction_date + interval 1 day as date) as day_after_latest_conviction_date,
        coalesce(history.latest_possible_conviction_date, history.latest_conviction_date)
            as latest_possible_conviction_date,
        cast(
            coalesce(history.latest_possible_conviction_date, history.latest_conviction_date) + interval 1 day as date
        ) as day_after_latest_possible_conviction_date,
        history.undated_convictions,
        history.unfinished_sentences,
        history.unknown_sentence_ends,
        history.unfinished_sentences_by_calendar,
        history.unknown_sentence_ends_by_calendar,
        context.evaluated_as_of_date
    from {{ ref('int_policies__evaluated_convictions') }} as evaluated
    left join {{ ref('int_policies__person_history') }} as history on evaluated.history_key = history.history_key
    cross join {{ ref('stg_landing__build_context') }} as context

),

-- A charge that is only related to cannabis needs no other measure.
cannabis as (

    select * from evaluated
    where is_prop_64 or is_prop_64_predecessor

),

-- Only the DOJ's file contains a history: a policy that needs one does not evaluate the court's convictions.
with_history as (

    select * from cannabis
    where source = 'ca_doj'

),

earlier_offenses as (

    select * from {{ ref('int_policies__earlier_offenses') }}

),

{% for measure, expression, missing_fact, relation in yes_no %}
{{ measure }} as (

    select
        conviction_key,
        '{{ measure }}' as measure,
        coalesce(cast({{ expression }} as double), 0) as lower_bound,
        coalesce(cast({{ expression }} as double), 1) as upper_bound,
        {% if missing_fact -%}
        case when ({{ expression }}) is null then {{ fact(missing_fact) }} else 0 end
        {%- else -%}
        0
        {%- endif %} as facts
    from {{ relation }}

),

{% endfor %}
{% for measure, expression, missing_facts, relation in known_numbers %}
{{ measure }} as (

    select
        conviction_key,
        '{{ measure }}' as measure,
        cast({{ expression }} as double) as lower_bound,
        cast({{ expression }} as double) as upper_bound,
        case when ({{ expression }}) is null then {{ missing_facts }} else 0 end as facts
    from {{ relation }}

),

{% endfor %}
{% for measure in earlier %}
{{ measure }} as (

    select
        with_history.conviction_key,
        '{{ measure }}' as measure,
        cast(coalesce(earlier_offenses.lower_count, 0) as double) as lower_bound,
        cast(coalesce(earlier_offenses.upper_count, 0) as double) as upper_bound,
        coalesce(earlier_offenses.facts, 0) as facts
    from with_history
    left join earlier_offenses
        on with_history.conviction_key = earlier_offenses.conviction_key and earlier_offenses.measure = '{{ measure }}'

),

{% endfor %}
-- A conviction without a date may be the latest one, so the dated convictions give only an upper bound of the years
-- since then.
{% for measure, latest_date, latest_possible_date in [
    ('years_since_latest_conviction', 'latest_conviction_date', 'latest_possible_conviction_date'),
    (
        'years_since_day_after_latest_conviction', 'day_after_latest_conviction_date',
        'day_after_latest_possible_conviction_date'
    ),
] %}
{{ measure }} as (

    select
        conviction_key,
        '{{ measure }}' as measure,
        case
            when undated_convictions = 0
                then cast({{ whole_years_between(latest_possible_date, 'evaluated_as_of_date', 'to') }} as double)
        end as lower_bound,
        cast({{ whole_years_between(latest_date, 'evaluated_as_of_date', 'to') }} as double) as upper_bound,
        case when undated_convictions > 0 then {{ fact('conviction_date') }} else 0 end
        | case when coalesce(unclear_convictions, 0) > 0 then {{ fact('disposition') }} else 0 end as facts
    from with_history

),

{% endfor %}
has_only_prop_64_convictions as (

    select
        conviction_key,
        'has_only_prop_64_convictions' as measure,
        case when prop_64_convictions = convictions then 1.0 else 0.0 end as lower_bound,
        case
            when
                prop_64_convictions + possible_prop_64_convictions + coalesce(unclear_convictions_of_others, 0)
                = convictions then 1.0
            else 0.0
        end as upper_bound,
        case
            when
                prop_64_convictions < convictions
                and prop_64_convictions + possible_prop_64_convictions + coalesce(unclear_convictions_of_others, 0)
                = convictions
                then
                    case when possible_prop_64_convictions > 0 then {{ fact('section') }} else 0 end
                    | case when unclear_convictions_of_others > 0 then {{ fact('disposition') }} else 0 end
            else 0
        end as facts
    from with_history

),

{% for measure, unfinished, unknown in [
    ('sentences_ending_after_evaluation', 'unfinished_sentences', 'unknown_sentence_ends'),
    (
        'sentences_ending_after_evaluation__calendar',
        'unfinished_sentences_by_calendar',
        'unknown_sentence_ends_by_calendar'
    ),
] %}
{{ measure }} as (

    select
        conviction_key,
        '{{ measure }}' as measure,
        cast({{ unfinished }} as double) as lower_bound,
        cast({{ unfinished }} + {{ unknown }} as double) as upper_bound,
        case when {{ unknown }} > 0 then {{ fact('sentence_end') }} else 0 end
        | case when {{ unknown }} > 0 and unclear_convictions > 0 then {{ fact('disposition') }} else 0 end as facts
    from with_history

),

{% endfor %}
final as (

    {% for measure, expression, missing, relation in yes_no + known_numbers %}
    select * from {{ measure }}
    union all
    {% endfor %}
    {% for measure in earlier %}
    select * from {{ measure }}
    union all
    {% endfor %}
    select * from years_since_latest_conviction
    union all
    select * from years_since_day_after_latest_conviction
    union all
    select * from has_only_prop_64_convictions
    union all
    select * from sentences_ending_after_evaluation
    union all
    select * from sentences_ending_after_evaluation__calendar
    union all
    select * from {{ ref('int_statute__measures') }}
    union all
    select * from {{ ref('int_policies__office_measures') }}
    union all
    select * from {{ ref('int_policies__overdue_measures') }}

)

select * from final
