{#
    Every measure of the seed relief_measures, in its order. A wide table has three columns for each: <measure>__lower_bound,
    <measure>__upper_bound and <measure>__facts. A test compares this list with the seed.
#}
{% macro measure_names() -%}
    {{ return([
        'is_felony',
        'conviction_date_yyyymmdd',
        'starts_11357_a_or_b',
        'leftmost_section',
        'is_completed_cannabis_offense',
        'is_completed_cannabis_or_related_offense',
        'names_11357',
        'names_11358',
        'names_11359',
        'names_11360',
        'earlier_super_strikes__cmr_2019',
        'earlier_pc_290__cmr_2019',
        'earlier_prop_64_same_section',
        'age_at_evaluation_years',
        'age_at_evaluation_julian_years',
        'age_at_conviction_years',
        'years_since_conviction',
        'years_since_latest_conviction',
        'years_since_day_after_latest_conviction',
        'has_only_prop_64_convictions',
        'sentences_ending_after_evaluation',
        'sentences_ending_after_evaluation__calendar',
        'is_deceased',
        'is_section_11361',
        'is_possession_in_prison',
        'is_conspiracy',
        'is_accessory',
        'is_attempt',
        'is_solicitation',
        'is_relieved_under_11361_8',
        'offense_date_yyyymmdd',
        'is_before_1973',
        'is_infraction_by_the_law_of_its_day',
        'has_a_felony_form_today',
        'is_for_sale_or_a_sale',
        'prior_super_strikes__statutory',
        'super_strikes_perhaps_prior__statutory',
        'earlier_offenses_that_may_be_super_strikes',
        'prior_pc_290__statutory',
        'pc_290_perhaps_prior__statutory',
        'earlier_offenses_that_may_be_pc_290',
        'earlier_registrations',
        'earlier_failures_to_register',
        'earlier_juvenile_findings',
        'earlier_convictions_of_the_same_section__statutory',
        'barring_circumstances',
        'exceeds_the_lawful_amount',
        'exceeds_six_plants',
        'was_paid_for',
        'had_a_recipient_under_21',
        'was_in_a_place_not_allowed',
        'is_possession_over_28_5_grams',
        'is_on_school_grounds_at_18_or_older',
        'is_on_school_grounds_under_18',
        'is_sentence_unfinished__parts_in_turn',
        'is_sentence_unfinished__parts_together',
        'is_unfinished_sentence_missing',
        'is_possession_now_lawful',
        'is_lawful_at_21_today',
        'is_an_offense_of_the_four_sections',
        'age_at_offense_or_later_years',
        'age_at_offense_years',
        'is_gift_or_transport_up_to_28_5_grams',
        'is_infraction',
        'is_cultivation',
        'is_possession_for_sale',
        'is_sale_or_transport',
        'is_from_a_place_with_city_attorney',
        'is_in_court_records',
        'is_in_first_wave',
        'is_possession_or_cultivation',
        'is_possession_for_sale_section',
        'years_since_latest_felony_conviction',
        'years_since_latest_conviction__overdue_left_out',
        'years_since_day_after_latest_conviction__overdue_left_out',
        'has_only_prop_64_convictions__overdue_left_out',
        'years_since_latest_felony_conviction__overdue_left_out',
    ]) }}
{%- endmacro %}


{# The names of the three columns of a measure. #}
{% macro columns_of_measure(measure) -%}
    {{ measure }}__lower_bound,
    {{ measure }}__upper_bound,
    {{ measure }}__facts
{%- endmacro %}


{#
    The three columns of a measure for the convictions that have it, NULL for the others. `has_measure` is a condition
    that is never NULL. Bounds are numbers (yes is 1, no is 0), and NULL is no bound. `facts` are the missing facts because
    of which the bounds differ.
#}
{% macro measured(measure, has_measure, lower_bound, upper_bound, facts) -%}
    case when {{ has_measure }} then cast({{ lower_bound }} as double) end as {{ measure }}__lower_bound,
    case when {{ has_measure }} then cast({{ upper_bound }} as double) end as {{ measure }}__upper_bound,
    case when {{ has_measure }} then {{ facts }} end as {{ measure }}__facts
{%- endmacro %}


{#
    The counts of earlier offenses, one row per conviction, with <measure>__lower_count, <measure>__upper_count and
    <measure>__facts_of_counts for each of `measures`. `relation` has one row per conviction and measure.
#}
{% macro counts_by_measure(relation, measures) -%}
    select
        conviction_key,
        {%- for measure in measures %}
        max(case when measure = '{{ measure }}' then lower_count end) as {{ measure }}__lower_count,
        max(case when measure = '{{ measure }}' then upper_count end) as {{ measure }}__upper_count,
        max(case when measure = '{{ measure }}' then facts end) as {{ measure }}__facts_of_counts{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ relation }}
    group by conviction_key
{%- endmacro %}


{# One row per measure of each row of a wide table, with the column `key`. A conviction that lacks a measure has no row. #}
{% macro measures_by_row(relation, key) -%}
    {%- for measure in measure_names() %}
    select
        {{ key }},
        '{{ measure }}' as measure,
        {{ measure }}__lower_bound as lower_bound,
        {{ measure }}__upper_bound as upper_bound,
        {{ measure }}__facts as facts
    from {{ relation }}
    where {{ measure }}__facts is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
