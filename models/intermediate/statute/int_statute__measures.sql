{#
    The measures of the rules of H&S 11361.8, with bounds as in int_policies__bounds: yes is 1, no is 0, NULL is no
    bound, and facts are the missing facts because of which the bounds differ.
#}
{% set told = [
    ('is_section_11361', "coalesce(section = '11361', false)"),
    ('is_possession_in_prison', 'is_possession_in_prison'),
    ('is_conspiracy', 'is_conspiracy'),
    ('is_accessory', 'is_accessory'),
    ('is_attempt', 'is_attempt'),
    ('is_solicitation', 'is_solicitation'),
] %}
{% set conducts = [
    ('is_an_offense_of_the_four_sections', [
        'possession_now_lawful', 'possession_over_28_5_grams', 'school_grounds_at_18_or_older',
        'school_grounds_under_18', 'cultivation', 'possession_for_sale', 'sale_or_transport',
        'gift_or_transport_up_to_28_5_grams',
    ]),
    ('is_lawful_at_21_today', ['possession_now_lawful', 'gift_or_transport_up_to_28_5_grams', 'cultivation']),
    ('is_possession_now_lawful', ['possession_now_lawful']),
    ('is_possession_over_28_5_grams', ['possession_over_28_5_grams']),
    ('is_on_school_grounds_at_18_or_older', ['school_grounds_at_18_or_older']),
    ('is_on_school_grounds_under_18', ['school_grounds_under_18']),
    ('is_cultivation', ['cultivation']),
    ('is_possession_for_sale', ['possession_for_sale']),
    ('is_sale_or_transport', ['sale_or_transport']),
    ('is_for_sale_or_a_sale', ['possession_for_sale', 'sale_or_transport']),
    ('has_a_felony_form_today', ['cultivation', 'possession_for_sale', 'sale_or_transport']),
    ('is_gift_or_transport_up_to_28_5_grams', ['gift_or_transport_up_to_28_5_grams']),
    ('is_before_1973', ['predecessor']),
] %}
{% set earlier = [
    'prior_super_strikes__statutory', 'super_strikes_perhaps_prior__statutory',
    'earlier_offenses_that_may_be_super_strikes',
    'prior_pc_290__statutory', 'pc_290_perhaps_prior__statutory', 'earlier_offenses_that_may_be_pc_290',
    'earlier_registrations', 'earlier_failures_to_register', 'earlier_juvenile_findings',
    'earlier_convictions_of_the_same_section__statutory',
] %}
{# Measure, lower bound, upper bound and facts; the last three are columns of int_statute__bounds. #}
{% set bounded = [
    ('is_relieved_under_11361_8', 'is_relieved', 'is_perhaps_relieved', 'relieved_facts'),
    ('offense_date_yyyymmdd', 'offense_first_yyyymmdd', 'offense_last_yyyymmdd', 'offense_date_facts'),
    ('age_at_offense_or_later_years', 'oldest_age_years', 'oldest_age_years', 'oldest_age_facts'),
    ('age_at_offense_years', 'youngest_age_years', 'oldest_age_years', 'youngest_age_facts'),
    (
        'is_infraction_by_the_law_of_its_day', 'is_surely_infraction_by_law', 'is_perhaps_infraction_by_law',
        'meaning_facts'
    ),
    ('is_infraction', 'is_surely_infraction', 'is_perhaps_infraction', 'level_facts'),
    ('is_unfinished_sentence_missing', 'false', 'is_sentence_missing', 'missing_sentence_facts'),
    (
        'is_sentence_unfinished__parts_in_turn', 'is_surely_unfinished_in_turn', 'is_perhaps_unfinished_in_turn',
        'sentence_facts'
    ),
    (
        'is_sentence_unfinished__parts_together', 'is_surely_unfinished_together', 'is_perhaps_unfinished_together',
        'sentence_facts'
    ),
] %}
{% set never_on_record = [
    ('barring_circumstances', 'circumstances'), ('exceeds_the_lawful_amount', 'amount'), ('exceeds_six_plants', 'plants'),
    ('was_paid_for', 'payment'), ('had_a_recipient_under_21', 'recipient_age'),
    ('was_in_a_place_not_allowed', 'place'),
] %}

with earlier_offenses as (

    {{ counts_by_measure(ref('int_statute__earlier_offenses'), earlier) }}

),

convictions as (

    select
        conduct.*,
        bounds.* exclude (conviction_key),
        earlier_offenses.* exclude (conviction_key)
    from {{ ref('int_statute__conduct') }} as conduct
    inner join {{ ref('int_statute__bounds') }} as bounds on conduct.conviction_key = bounds.conviction_key
    left join earlier_offenses on conduct.conviction_key = earlier_offenses.conviction_key

),

final as (

    select
        conviction_key,
        {% for measure, expression in told %}
        {{ measured(measure, 'true', expression, expression, '0') }},
        {% endfor %}
        {% for measure, classes in conducts %}
        -- The measure is certain if every possible class is in the list. The length of possible_classes is then the sum
        -- of the lengths of the listed classes in it.
        {% set lengths = ['1'] %}
        {% set possible = ['possible_classes is null'] %}
        {% for class in classes %}
        {% set is_in = "contains(possible_classes, ';" ~ class ~ ";')" %}
        {% do lengths.append('case when ' ~ is_in ~ ' then ' ~ (class | length + 1) ~ ' else 0 end') %}
        {% do possible.append(is_in) %}
        {% endfor %}
        {{ measured(
            measure, 'true',
            'case when length(possible_classes) = ' ~ lengths | join(' + ') ~ ' then 1 else 0 end',
            'case when ' ~ possible | join(' or ') ~ ' then 1 else 0 end',
            'case when relief_class is null then conduct_facts else 0 end',
        ) }},
        {% endfor %}
        {% for measure in earlier %}
        {{ measured(
            measure, 'true', 'coalesce(' ~ measure ~ '__lower_count, 0)', 'coalesce(' ~ measure ~ '__upper_count, 0)',
            'coalesce(' ~ measure ~ '__facts_of_counts, 0)',
        ) }},
        {% endfor %}
        -- No extract contains these facts. The statute presumes them, and each rule that depends on such a presumption
        -- states it.
        {% for measure, fact_name in never_on_record %}
        {{ measured(measure, 'true', '0', '1', fact(fact_name)) }},
        {% endfor %}
        {% for measure, lower_end, upper_end, facts in bounded %}
        {{ measured(measure, 'true', lower_end, upper_end, facts) }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from convictions

)

select * from final
