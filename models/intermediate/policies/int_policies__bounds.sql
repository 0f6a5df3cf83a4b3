-- One wide row per conviction: a long table has sixty times as many rows, each with its keys as text
-- (docs/decisions/0056-convictions-that-are-alike-are-walked-once.md).
{% set yes_no = [
    ('is_felony', "level = 'felony'", 'level', 'is_cannabis'),
    ('is_deceased', 'is_deceased', None, 'has_history'),
    ('starts_11357_a_or_b', 'case when not is_section_unknown then starts_11357_a_or_b end', 'section', 'is_cannabis'),
    ('names_11357', 'case when not is_section_unknown then names_11357 end', 'section', 'is_cannabis'),
    ('names_11358', 'case when not is_section_unknown then names_11358 end', 'section', 'is_cannabis'),
    ('names_11359', 'case when not is_section_unknown then names_11359 end', 'section', 'is_cannabis'),
    ('names_11360', 'case when not is_section_unknown then names_11360 end', 'section', 'is_cannabis'),
    ('is_completed_cannabis_offense', 'case when is_surely_cannabis then true end', 'section', 'is_cannabis'),
    (
        'is_completed_cannabis_or_related_offense', 'case when is_surely_cannabis or is_related then true end',
        'section', 'true'
    ),
] %}
{% set known_numbers = [
    (
        'conviction_date_yyyymmdd',
        as_yyyymmdd('conviction_date'),
        fact('conviction_date'), 'is_cannabis'
    ),
    (
        'leftmost_section', 'case when is_prop_64 then try_cast(section as double) else 0 end',
        fact('section'), 'is_cannabis'
    ),
    (
        'age_at_evaluation_years', whole_years_between('birth_date', 'evaluated_as_of_date'),
        fact('birth_date'), 'has_history'
    ),
    (
        'age_at_evaluation_julian_years', "datediff('day', birth_date, evaluated_as_of_date) / 365.25",
        fact('birth_date'), 'has_history'
    ),
    (
        'age_at_conviction_years', whole_years_between('birth_date', 'conviction_date'),
        'case when birth_date is null then ' ~ fact('birth_date') ~ ' else 0 end'
        ~ ' | case when conviction_date is null then ' ~ fact('conviction_date') ~ ' else 0 end', 'has_history'
    ),
    (
        'years_since_conviction', whole_years_between('conviction_date', 'evaluated_as_of_date', 'to'),
        fact('conviction_date'), 'is_cannabis'
    ),
] %}
{% set earlier = ['earlier_super_strikes__cmr_2019', 'earlier_pc_290__cmr_2019', 'earlier_prop_64_same_section'] %}
{% set twins = overdue_measures() %}

with numbers as (

    select
        conviction_key,
        -- A short key for the model that compares every measure of every conviction.
        row_number() over (order by conviction_key) as conviction_no
    from {{ ref('int_policies__evaluated_convictions') }}

),

histories as (

    select
        evaluated.*,
        numbers.conviction_no,
        -- A charge that is only related to cannabis needs no measure but the one that says so.
        coalesce(evaluated.is_prop_64 or evaluated.is_prop_64_predecessor, false) as is_cannabis,
        -- Only the DOJ's file contains a history: a policy that needs one does not evaluate the court's convictions.
        coalesce((evaluated.is_prop_64 or evaluated.is_prop_64_predecessor) and evaluated.source = 'ca_doj', false)
            as has_history,
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
    inner join numbers on evaluated.conviction_key = numbers.conviction_key
    left join {{ ref('int_policies__person_history') }} as history on evaluated.history_key = history.history_key
    cross join {{ ref('stg_landing__build_context') }} as context

),

earlier_offenses as (

    {{ counts_by_measure(ref('int_policies__earlier_offenses'), earlier) }}

),

evaluated as (

    select
        histories.*,
        earlier_offenses.* exclude (conviction_key)
    from histories
    left join earlier_offenses on histories.conviction_key = earlier_offenses.conviction_key

),

own_measures as (

    select
        conviction_key,
        conviction_no,
        {% for measure, expression, missing_fact, has_measure in yes_no %}
        {{ measured(
            measure, has_measure,
            'coalesce(cast(' ~ expression ~ ' as double), 0)', 'coalesce(cast(' ~ expression ~ ' as double), 1)',
            'case when (' ~ expression ~ ') is null then ' ~ fact(missing_fact) ~ ' else 0 end' if missing_fact else '0',
        ) }},
        {% endfor %}
        {% for measure, expression, missing_facts, has_measure in known_numbers %}
        {{ measured(
            measure, has_measure, expression, expression,
            'case when (' ~ expression ~ ') is null then ' ~ missing_facts ~ ' else 0 end',
        ) }},
        {% endfor %}
        {% for measure in earlier %}
        {{ measured(
            measure, 'has_history', 'coalesce(' ~ measure ~ '__lower_count, 0)',
            'coalesce(' ~ measure ~ '__upper_count, 0)', 'coalesce(' ~ measure ~ '__facts_of_counts, 0)',
        ) }},
        {% endfor %}
        -- A conviction without a date may be the latest one, so the dated convictions give only an upper bound of the
        -- years since then.
        {% for measure, latest_date, latest_possible_date in [
            ('years_since_latest_conviction', 'latest_conviction_date', 'latest_possible_conviction_date'),
            (
                'years_since_day_after_latest_conviction', 'day_after_latest_conviction_date',
                'day_after_latest_possible_conviction_date'
            ),
        ] %}
        {{ measured(
            measure, 'has_history',
            'case when undated_convictions = 0 then '
            ~ whole_years_between(latest_possible_date, 'evaluated_as_of_date', 'to') ~ ' end',
            whole_years_between(latest_date, 'evaluated_as_of_date', 'to'),
            'case when undated_convictions > 0 then ' ~ fact('conviction_date') ~ ' else 0 end'
            ~ ' | case when coalesce(unclear_convictions, 0) > 0 then ' ~ fact('disposition') ~ ' else 0 end',
        ) }},
        {% endfor %}
        {% set surely_or_possibly_all = 'prop_64_convictions + possible_prop_64_convictions'
            ~ ' + coalesce(unclear_convictions_of_others, 0) = convictions' %}
        {{ measured(
            'has_only_prop_64_convictions', 'has_history',
            'case when prop_64_convictions = convictions then 1 else 0 end',
            'case when ' ~ surely_or_possibly_all ~ ' then 1 else 0 end',
            'case when prop_64_convictions < convictions and ' ~ surely_or_possibly_all ~ ' then '
            ~ 'case when possible_prop_64_convictions > 0 then ' ~ fact('section') ~ ' else 0 end'
            ~ ' | case when unclear_convictions_of_others > 0 then ' ~ fact('disposition') ~ ' else 0 end'
            ~ ' else 0 end',
        ) }},
        {% for measure, unfinished, unknown in [
            ('sentences_ending_after_evaluation', 'unfinished_sentences', 'unknown_sentence_ends'),
            (
                'sentences_ending_after_evaluation__calendar', 'unfinished_sentences_by_calendar',
                'unknown_sentence_ends_by_calendar'
            ),
        ] %}
        {{ measured(
            measure, 'has_history', unfinished, unfinished ~ ' + ' ~ unknown,
            'case when ' ~ unknown ~ ' > 0 then ' ~ fact('sentence_end') ~ ' else 0 end'
            ~ ' | case when ' ~ unknown ~ ' > 0 and unclear_convictions > 0 then ' ~ fact('disposition') ~ ' else 0 end',
        ) }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from evaluated

),

joined as (

    select
        own_measures.*,
        statute.* exclude (conviction_key),
        office.* exclude (conviction_key),
        {% for measure in twins %}
        overdue.{{ measure }}__overdue_left_out__lower_bound as {{ measure }}__left__lower_bound,
        overdue.{{ measure }}__overdue_left_out__upper_bound as {{ measure }}__left__upper_bound,
        overdue.{{ measure }}__overdue_left_out__facts as {{ measure }}__left__facts,
        {% endfor %}
        overdue.conviction_key is not null as has_overdue_records
    from own_measures
    left join {{ ref('int_statute__measures') }} as statute on own_measures.conviction_key = statute.conviction_key
    left join {{ ref('int_policies__office_measures') }} as office on own_measures.conviction_key = office.conviction_key
    left join {{ ref('int_policies__overdue_measures') }} as overdue
        on own_measures.conviction_key = overdue.conviction_key

),

final as (

    select
        conviction_key,
        conviction_no,
        {% for measure in measure_names() if not measure.endswith('__overdue_left_out') %}
        {{ columns_of_measure(measure) }},
        {% endfor %}
        -- Where no record is or may be overdue, the measure without overdue records is the measure itself.
        {% for measure in twins %}
        {% for column in ['lower_bound', 'upper_bound', 'facts'] %}
        case when has_overdue_records then {{ measure }}__left__{{ column }} else {{ measure }}__{{ column }} end
            as {{ measure }}__overdue_left_out__{{ column }}{% if not loop.last %},{% endif %}
        {% endfor %}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from joined

)

select * from final
