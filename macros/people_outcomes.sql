{# The outcomes of relief for a person: the name of each count, and the answer that it counts. #}
{% macro people_answers() -%}
    {{ return({
        'no_felony_left': 'has_no_felony_left',
        'no_conviction_left': 'has_no_conviction_left',
        'no_conviction_last_7_years': 'has_no_conviction_in_last_7_years',
    }) }}
{%- endmacro %}


{#
    Every conviction of everybody's history. A row that is not a conviction of any count is also part of the person's
    history, and nothing relieves it. Reads a CTE `convictions` (fct_convictions).
#}
{% macro people_history() -%}
    select
        recorded.conviction_key,
        recorded.person_key,
        recorded.level,
        recorded.conviction_date,
        destruction.destruction_status
    from (
        select
            conviction_key,
            person_key,
            level,
            conviction_date
        from convictions
        union all
        select
            conviction_key,
            person_key,
            level,
            conviction_date
        from {{ ref('int_identity__convictions') }}
        where not is_counted
    ) as recorded
    left join {{ ref('int_offenses__destruction') }} as destruction
        on recorded.conviction_key = destruction.conviction_key
{%- endmacro %}


{#
    CTEs up to `outcomes_and_certainty`: for each basis and person, what the relief leaves of the record, counted with and
    without overdue records. Reads CTEs `relieved` (basis, conviction_key, person_key, is_dismissed), `history` and `context`.
#}
{% macro people_outcomes() -%}
people as (

    select distinct
        basis,
        person_key
    from relieved

),

-- All convictions of these people, whatever their county, offense and source.
histories as (

    select
        people.basis,
        people.person_key,
        history.level,
        history.conviction_date,
        relieved.conviction_key is not null as is_relieved,
        coalesce(relieved.is_dismissed, false) as is_dismissed,
        {{ whole_years_between('history.conviction_date', 'context.evaluated_as_of_date', anchor='to') }} < 7
            as is_in_last_7_years,
        -- Whether the law certainly or perhaps required the record to be destroyed by the day of evaluation (H&S
        -- 11361.5).
        coalesce(history.destruction_status = 'due', false) as is_overdue,
        coalesce(history.destruction_status = 'cannot_tell', false) as is_perhaps_overdue
    from people
    inner join history on people.person_key = history.person_key
    cross join context
    left join relieved on people.basis = relieved.basis and history.conviction_key = relieved.conviction_key

),

{#
    Both ways of counting in one pass. Certain: records that remain whatever is left out. Possible: also records that
    are perhaps
    overdue. If overdue records are counted, every record certainly remains.
#}
{% set ways = [
    ('counted', 'true', 'false'),
    ('left_out', 'not is_overdue and not is_perhaps_overdue', 'is_perhaps_overdue'),
] %}
{% set parts = [
    ('felonies', "level = 'felony'"),
    ('felonies_left', "level = 'felony' and not is_relieved"),
    ('relieved_of_unknown_level', 'level is null and is_relieved'),
    ('left_of_unknown_level', 'level is null and not is_relieved'),
    ('convictions_left', 'not is_dismissed'),
    ('recent', 'is_in_last_7_years'),
    ('recent_left', 'is_in_last_7_years and not is_dismissed'),
    ('undated_dismissed', 'conviction_date is null and is_dismissed'),
    ('undated_left', 'conviction_date is null and not is_dismissed'),
] %}
sums as (

    select
        basis,
        person_key
        {%- for way, surely, perhaps in ways %}{% for name, condition in parts %},
        count(*) filter (where {{ surely }} and {{ condition }}) as {{ name }}__{{ way }},
        count(*) filter (where {{ perhaps }} and {{ condition }}) as perhaps_{{ name }}__{{ way }}
        {%- endfor %}{% endfor %}
    from histories
    group by basis, person_key

),

-- An outcome is NULL if it depends on an unknown level or date, or on whether a record was due for destruction.
outcomes as (

    {% for way, surely, perhaps in ways %}
    select
        basis,
        person_key,
        '{{ way }}' as overdue_records,
        case
            when
                felonies_left__{{ way }} > 0
                or felonies__{{ way }} + perhaps_felonies__{{ way }}
                + relieved_of_unknown_level__{{ way }} + perhaps_relieved_of_unknown_level__{{ way }} = 0
                then false
            when
                left_of_unknown_level__{{ way }} + perhaps_left_of_unknown_level__{{ way }}
                + perhaps_felonies_left__{{ way }} > 0
                then null
            when felonies__{{ way }} > 0 then true
        end as has_no_felony_left,
        case
            when convictions_left__{{ way }} > 0 then false
            when perhaps_convictions_left__{{ way }} > 0 then null
            else true
        end as has_no_conviction_left,
        case
            when
                recent_left__{{ way }} > 0
                or recent__{{ way }} + perhaps_recent__{{ way }}
                + undated_dismissed__{{ way }} + perhaps_undated_dismissed__{{ way }} = 0
                then false
            when
                undated_left__{{ way }} + perhaps_undated_left__{{ way }} + perhaps_recent_left__{{ way }} > 0
                then null
            when recent__{{ way }} > 0 then true
        end as has_no_conviction_in_last_7_years
    from sums
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

person_certainty as (

    select * from {{ ref('int_identity__person_certainty') }}

),

-- Two people in the data may be one person, who then has the convictions of both. This can only lower the number of
-- people with no conviction left, because the one person has none left only if both have none left. One person in the
-- data may also be two people. This can raise the number, because each of the two may have no conviction left.
outcomes_and_certainty as (

    select
        outcomes.*,
        coalesce(person_certainty.is_perhaps_another, false) as is_perhaps_another,
        coalesce(person_certainty.is_perhaps_two, false) as is_perhaps_two,
        coalesce(person_certainty.is_perhaps_another or person_certainty.has_perhaps_another, false) as is_perhaps_one
    from outcomes
    left join person_certainty on outcomes.person_key = person_certainty.person_key

)
{%- endmacro %}


{# The counts of people over a group of `outcomes_and_certainty`, as columns, each with its range. #}
{% macro count_people_outcomes() -%}
count(*) filter (where not is_perhaps_another) as people_with_relief_low,
        count(*) + count(*) filter (where is_perhaps_two) as people_with_relief_high,
        {% for name, answer in people_answers().items() %}
        count(*) filter (where {{ answer }} and not is_perhaps_one) as {{ name }}_low,
        count(*) filter (where {{ answer }} or {{ answer }} is null)
        + count(*) filter (where is_perhaps_two) as {{ name }}_high,
        {% endfor %}
        count(*) as people_with_relief,
        sum(case when has_no_felony_left then 1 else 0 end) as no_felony_left,
        sum(case when has_no_conviction_left then 1 else 0 end) as no_conviction_left,
        sum(case when has_no_conviction_in_last_7_years then 1 else 0 end) as no_conviction_last_7_years,
        sum(
            case
                when
                    has_no_felony_left is null
                    or has_no_conviction_left is null
                    or has_no_conviction_in_last_7_years is null then 1
                else 0
            end
        ) as cannot_tell
{%- endmacro %}
