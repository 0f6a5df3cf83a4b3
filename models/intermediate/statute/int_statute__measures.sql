{#
    The measures of the rules of H&S 11361.8, with bounds as in int_policies__measures: yes is 1, no is 0, NULL is no
    bound, and `facts` are the missing facts because of which the bounds differ.
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

with conduct as (

    select * from {{ ref('int_statute__conduct') }}

),

bounds as (

    select * from {{ ref('int_statute__bounds') }}

),

earlier_offenses as (

    select * from {{ ref('int_statute__earlier_offenses') }}

),

{% for measure, expression in told %}
{{ measure }} as (

    select
        conviction_key,
        '{{ measure }}' as measure,
        cast({{ expression }} as double) as lower_bound,
        cast({{ expression }} as double) as upper_bound,
        0 as facts
    from conduct

),

{% endfor %}
{% for measure, classes in conducts %}
{{ measure }} as (

    select
        conviction_key,
        '{{ measure }}' as measure,
        -- The measure is certain if every possible class is in the list. The length of possible_classes is then the sum
        -- of the lengths of the listed classes in it.
        case
            when
                length(possible_classes)
                = 1
                {%- for class in classes %}
                + case when contains(possible_classes, ';{{ class }};') then {{ class | length + 1 }} else 0 end
                {%- endfor %}
                then 1.0
            else 0.0
        end as lower_bound,
        case
            when possible_classes is null then 1.0
            {% for class in classes -%}
            when contains(possible_classes, ';{{ class }};') then 1.0
            {% endfor -%}
            else 0.0
        end as upper_bound,
        case when relief_class is null then conduct_facts else 0 end as facts
    from conduct

),

{% endfor %}
{% for measure in earlier %}
{{ measure }} as (

    select
        conduct.conviction_key,
        '{{ measure }}' as measure,
        cast(coalesce(earlier_offenses.lower_count, 0) as double) as lower_bound,
        cast(coalesce(earlier_offenses.upper_count, 0) as double) as upper_bound,
        coalesce(earlier_offenses.facts, 0) as facts
    from conduct
    left join earlier_offenses
        on conduct.conviction_key = earlier_offenses.conviction_key and earlier_offenses.measure = '{{ measure }}'

),

{% endfor %}
-- No extract contains these facts. The statute presumes them, and each rule that depends on such a presumption states
-- it.
{% for measure, fact_name in never_on_record %}
{{ measure }} as (

    select
        conviction_key,
        '{{ measure }}' as measure,
        0.0 as lower_bound,
        1.0 as upper_bound,
        {{ fact(fact_name) }} as facts
    from conduct

),

{% endfor %}
{% for measure, lower_end, upper_end, facts in bounded %}
{{ measure }} as (

    select
        conviction_key,
        '{{ measure }}' as measure,
        cast({{ lower_end }} as double) as lower_bound,
        cast({{ upper_end }} as double) as upper_bound,
        {{ facts }} as facts
    from bounds

),

{% endfor %}
final as (

    {% for measure in told + conducts + bounded -%}
    select * from {{ measure[0] }}
    union all
    {% endfor -%}
    {% for measure in earlier -%}
    select * from {{ measure }}
    union all
    {% endfor -%}
    {% for measure, fact_name in never_on_record -%}
    select * from {{ measure }}{% if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}

)

select * from final
