{#
    What the rules of H&S 11361.8 ask, bounded as int_relief__measures has it: yes is 1, no is 0, NULL is no bound, and
    `facts` are the missing facts that keep the bounds apart.
#}
{% set told = [
    ('is_section_11361', "coalesce(section = '11361', false)"),
    ('is_possession_in_prison', 'is_possession_in_prison'),
    ('is_conspiracy', 'is_conspiracy'),
    ('is_accessory', 'is_accessory'),
    ('is_attempt', 'is_attempt'),
] %}
{% set conducts = [
    ('is_possession_now_lawful', ['possession_now_lawful']),
    ('is_possession_over_28_5_grams', ['possession_over_28_5_grams']),
    ('is_on_school_grounds_at_18_or_older', ['school_grounds_at_18_or_older']),
    ('is_on_school_grounds_under_18', ['school_grounds_under_18']),
    ('is_cultivation', ['cultivation']),
    ('is_possession_for_sale', ['possession_for_sale']),
    ('is_sale_or_transport', ['sale_or_transport']),
    ('has_a_felony_form_today', ['cultivation', 'possession_for_sale', 'sale_or_transport']),
    ('is_gift_or_transport_up_to_28_5_grams', ['gift_or_transport_up_to_28_5_grams']),
    ('is_before_1973', ['predecessor']),
] %}
{% set earlier = [
    'prior_super_strikes__statutory', 'super_strikes_before_conviction__statutory', 'earlier_super_strikes__unsourced',
    'prior_pc_290__statutory', 'pc_290_before_conviction__statutory',
    'earlier_convictions_of_the_same_section__statutory',
] %}
{% set never_on_record = [('barring_circumstances', 'circumstances'), ('exceeds_the_lawful_amount', 'amount')] %}

with conduct as (

    select
        conduct.*,
        persons.birth_date,
        context.evaluated_as_of_date
    from {{ ref('int_statute__conduct') }} as conduct
    left join {{ ref('int_identity__persons') }} as persons on conduct.person_key = persons.person_key
    cross join {{ ref('int_relief__evaluation_context') }} as context

),

earlier_offenses as (

    select * from {{ ref('int_statute__earlier_offenses') }}

),

earlier_relief as (

    select * from {{ ref('int_statute__earlier_relief') }}

),

sentences as (

    select * from {{ ref('int_statute__sentences') }}

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
        case when relief_class in ({{ "'" ~ classes | join("', '") ~ "'" }}) then 1.0 else 0.0 end as lower_bound,
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
-- No extract holds these: the statute presumes them, and each rule that does says so.
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
{% for measure, end_date in [
    ('is_sentence_unfinished__parts_in_turn', 'consecutive_end_date'),
    ('is_sentence_unfinished__parts_together', 'concurrent_end_date'),
] %}
{{ measure }} as (

    select
        conduct.conviction_key,
        '{{ measure }}' as measure,
        case when sentences.{{ end_date }} > conduct.evaluated_as_of_date then 1.0 else 0.0 end as lower_bound,
        case when sentences.{{ end_date }} <= conduct.evaluated_as_of_date then 0.0 else 1.0 end as upper_bound,
        case
            when sentences.{{ end_date }} is not null then 0
            when conduct.conviction_date is null then {{ fact('conviction_date') }}
            else {{ fact('sentence_end') }}
        end as facts
    from conduct
    inner join sentences on conduct.conviction_key = sentences.conviction_key

),

{% endfor %}
relieved_under_11361_8 as (

    select
        conduct.conviction_key,
        'is_relieved_under_11361_8' as measure,
        case when earlier_relief.is_relieved then 1.0 else 0.0 end as lower_bound,
        case when earlier_relief.is_relieved or earlier_relief.is_perhaps_relieved then 1.0 else 0.0 end as upper_bound,
        case
            when earlier_relief.is_perhaps_relieved and not earlier_relief.is_relieved then {{ fact('earlier_relief') }}
            else 0
        end as facts
    from conduct
    left join earlier_relief on conduct.conviction_key = earlier_relief.conviction_key

),

offense_date as (

    select
        conviction_key,
        'offense_date_yyyymmdd' as measure,
        cast({{ as_yyyymmdd('offense_first_day') }} as double) as lower_bound,
        cast({{ as_yyyymmdd('offense_last_day') }} as double) as upper_bound,
        case when offense_first_day = offense_last_day then 0 else {{ fact('offense_date') }} end as facts
    from conduct

),

-- The offense is not later than its conviction, nor than the evaluation.
age_at_offense_or_later as (

    select
        conviction_key,
        'age_at_offense_or_later_years' as measure,
        cast({{ whole_years_between('birth_date', 'coalesce(offense_last_day, evaluated_as_of_date)') }} as double)
            as lower_bound,
        cast({{ whole_years_between('birth_date', 'coalesce(offense_last_day, evaluated_as_of_date)') }} as double)
            as upper_bound,
        case when birth_date is null then {{ fact('birth_date') }} else 0 end as facts
    from conduct

),

age_at_offense as (

    select
        conviction_key,
        'age_at_offense_years' as measure,
        cast({{ whole_years_between('birth_date', 'offense_first_day') }} as double) as lower_bound,
        cast({{ whole_years_between('birth_date', 'coalesce(offense_last_day, evaluated_as_of_date)') }} as double)
            as upper_bound,
        case
            when birth_date is null then {{ fact('birth_date') }}
            when offense_first_day is null or offense_first_day < offense_last_day then {{ fact('offense_date') }}
            else 0
        end as facts
    from conduct

),

levels as (

    select
        conviction_key,
        case level when 'felony' then 3 when 'misdemeanor' then 2 when 'infraction' then 1 end as level_number,
        lowest_highest_level,
        highest_level,
        conduct_facts
    from conduct

),

above as (

    select
        conviction_key,
        'is_level_above_the_law_of_its_day' as measure,
        case when coalesce(level_number, 1) > coalesce(highest_level, 3) then 1.0 else 0.0 end as lower_bound,
        case when coalesce(level_number, 3) > coalesce(lowest_highest_level, 1) then 1.0 else 0.0 end as upper_bound,
        case when level_number is null then {{ fact('level') }} else 0 end
        | case when lowest_highest_level = highest_level then 0 else conduct_facts end as facts
    from levels

),

infraction as (

    select
        conviction_key,
        'is_infraction' as measure,
        case when level_number = 1 then 1.0 else 0.0 end as lower_bound,
        case when coalesce(level_number, 1) = 1 then 1.0 else 0.0 end as upper_bound,
        case when level_number is null then {{ fact('level') }} else 0 end as facts
    from levels

),

final as (

    {% for measure, expression in told + conducts + never_on_record -%}
    select * from {{ measure }}
    union all
    {% endfor -%}
    {% for measure in earlier + ['is_sentence_unfinished__parts_in_turn', 'is_sentence_unfinished__parts_together'] -%}
    select * from {{ measure }}
    union all
    {% endfor -%}
    select * from relieved_under_11361_8
    union all
    select * from offense_date
    union all
    select * from age_at_offense_or_later
    union all
    select * from age_at_offense
    union all
    select * from above
    union all
    select * from infraction

)

select * from final
