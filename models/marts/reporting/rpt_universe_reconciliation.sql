-- Reconciles three pairs of counts that are often confused, line by line.
with convictions as (

    select
        convictions.*,
        lifecycle.outcome,
        lifecycle.challenge_status,
        coalesce(link_certainty.is_possibly_wave_1, false) as is_possibly_wave_1,
        coalesce(link_certainty.is_possibly_wave_2, false) as is_possibly_wave_2,
        coalesce(link_certainty.is_order_named_by_court, false) as is_order_named_by_court,
        convictions.is_in_review and convictions.doj_conviction_key is not null as is_on_doj_list,
        convictions.wave_number = 1 and convictions.is_dismissed_by_order as is_wave_1,
        convictions.wave_number = 2 and convictions.is_dismissed_by_order as is_wave_2,
        convictions.relief_type is not null and not convictions.is_dismissed_by_order as is_other_relief
    from {{ ref('fct_convictions') }} as convictions
    left join {{ ref('fct_relief_lifecycle') }} as lifecycle on convictions.conviction_key = lifecycle.conviction_key
    left join {{ ref('int_orders__wave_certainty') }} as link_certainty
        on convictions.conviction_key = link_certainty.conviction_key
    where convictions.is_in_review

),

lines as (

    select * from {{ ref('universe_lines') }}

),

figures as (

    select * from {{ ref('published_figures') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

as_of_dates as (

    select
        max(as_of_date) filter (where source = 'ca_doj') as doj_as_of_date,
        max(as_of_date) filter (where source = 'la_court') as court_as_of_date,
        max(as_of_date) filter (where source = 'relief_events') as events_as_of_date
    from {{ ref('stg_landing__deliveries') }}
    where status = 'landed'

),

-- One row per line of the report and conviction on that line. `is_sure` means that the conviction stays on the line
-- even if a link was missed or is wrong.
members as (

    select
        'first_wave' as universe,
        'on_doj_list' as line,
        conviction_key,
        case_key,
        person_key,
        true as is_counted,
        true as is_sure
    from convictions
    where is_on_doj_list
    union all
    select
        'first_wave' as universe,
        case
            when is_wave_1 then 'wave_1'
            when is_dismissed_by_order and relief_order_date is null then 'order_undated'
            when is_dismissed_by_order then 'ordered_later'
            when is_other_relief then 'other_relief'
            when outcome in ('denied', 'already_relieved', 'not_found_in_court', 'referred_to_city_attorney')
                then outcome
            when challenge_status = 'challenged' then 'challenged'
            else 'no_event'
        end as line,
        conviction_key,
        case_key,
        person_key,
        true as is_counted,
        true as is_sure
    from convictions
    where is_on_doj_list
    union all
    select
        'doj_cleared' as universe,
        'wave_1' as line,
        conviction_key,
        case_key,
        person_key,
        true as is_counted,
        true as is_sure
    from convictions
    where is_wave_1
    union all
    -- Record updates after an order are matched by court case number. If a conviction has no link to a court case, its
    -- record may have been updated without a match.
    select
        'doj_cleared' as universe,
        case when is_court_record_updated then 'doj_record_not_updated' else 'court_record_not_updated' end as line,
        conviction_key,
        case_key,
        person_key,
        not is_doj_updated as is_counted,
        court_conviction_key is not null as is_sure
    from convictions
    where is_wave_1 and (not is_doj_updated or is_possibly_wave_2)
    union all
    select
        'doj_cleared' as universe,
        case when is_other_relief then 'other_relief_and_updated' else 'ordered_later_and_updated' end as line,
        conviction_key,
        case_key,
        person_key,
        true as is_counted,
        not is_possibly_wave_2 as is_sure
    from convictions
    where
        is_on_doj_list
        and is_doj_updated
        and (is_other_relief or (is_dismissed_by_order and not coalesce(is_wave_1, false)))
    union all
    select
        'doj_cleared' as universe,
        'doj_updated' as line,
        conviction_key,
        case_key,
        person_key,
        is_on_doj_list as is_counted,
        not is_possibly_wave_2 as is_sure
    from convictions
    where
        is_doj_updated
        and ((is_on_doj_list and (is_dismissed_by_order or is_other_relief)) or (is_wave_2 and is_possibly_wave_1))
    union all
    select
        'doj_cleared' as universe,
        'remaining' as line,
        conviction_key,
        case_key,
        person_key,
        not is_doj_updated or not (is_dismissed_by_order or is_other_relief) as is_counted,
        court_conviction_key is not null as is_sure
    from convictions
    where
        is_on_doj_list
        and (is_possibly_wave_2 or not (is_doj_updated and (is_dismissed_by_order or is_other_relief)))
    union all
    select
        'doj_cleared' as universe,
        'remaining_challenged' as line,
        conviction_key,
        case_key,
        person_key,
        true as is_counted,
        true as is_sure
    from convictions
    where is_on_doj_list and challenge_status = 'challenged' and relief_type is null
    union all
    select
        'both_waves' as universe,
        'wave_1' as line,
        conviction_key,
        case_key,
        person_key,
        true as is_counted,
        true as is_sure
    from convictions
    where is_wave_1
    union all
    select
        'both_waves' as universe,
        'wave_2' as line,
        conviction_key,
        case_key,
        person_key,
        is_wave_2 as is_counted,
        not is_possibly_wave_1 as is_sure
    from convictions
    where is_wave_2 or (is_wave_1 and is_possibly_wave_2 and is_order_named_by_court)
    union all
    select
        'both_waves' as universe,
        'either_wave' as line,
        conviction_key,
        case_key,
        person_key,
        true as is_counted,
        not is_wave_2 or not is_possibly_wave_1 as is_sure
    from convictions
    where is_wave_1 or is_wave_2
    union all
    -- If a weak link is wrong, the linked conviction is really two convictions.
    select
        'both_waves' as universe,
        'either_wave' as line,
        conviction_key || ' in court' as conviction_key,
        case_key || ' in court' as case_key,
        person_key || ' in court' as person_key,
        false as is_counted,
        false as is_sure
    from convictions
    where is_wave_1 and is_possibly_wave_2 and is_order_named_by_court
    union all
    select
        'both_waves' as universe,
        'in_both_files' as line,
        conviction_key,
        case_key,
        person_key,
        true as is_counted,
        not is_possibly_wave_2 as is_sure
    from convictions
    where (is_wave_1 or is_wave_2) and source = 'both'

),

{# Each count, the part of it that is certainly distinct, and the most that there can be. #}
{% set units = {
    'convictions': ('conviction_key', 'true', 'count(distinct conviction_key)'),
    'cases': ('case_key', 'true', 'count(distinct widest_case_key)'),
    'people': (
        'person_key',
        'not is_perhaps_another',
        'count(distinct person_key) + count(distinct case when is_perhaps_two then person_key end)',
    ),
} %}

perhaps_counted_twice as (

    select conviction_key from {{ ref('int_orders__wave_certainty') }}
    where is_perhaps_counted_twice

),

-- A case number in the DOJ's file that the court's file does not have for this person may belong to another case. If
-- two people have the same such number, they may have two different cases.
doj_cases as (

    select
        conviction_key,
        case_key || ' ' || person_key as case_key
    from convictions
    qualify count(court_conviction_key) over (partition by case_key, person_key) = 0

),

person_certainty as (

    select * from {{ ref('int_identity__person_certainty') }}

),

members_and_certainty as (

    select
        members.*,
        coalesce(doj_cases.case_key, members.case_key) as widest_case_key,
        twice.conviction_key is not null as is_perhaps_counted_twice,
        coalesce(persons.is_perhaps_another, false) as is_perhaps_another,
        coalesce(persons.is_perhaps_two, false) as is_perhaps_two
    from members
    left join perhaps_counted_twice as twice on members.conviction_key = twice.conviction_key
    left join doj_cases on members.conviction_key = doj_cases.conviction_key
    left join person_certainty as persons on members.person_key = persons.person_key

),

counted as (

    {% for unit, (key, is_surely_one, at_most) in units.items() %}
    select
        universe,
        line,
        '{{ unit }}' as unit,
        count(distinct case when is_counted then {{ key }} end) as counted,
        -- If two subjects of two deliveries have the same conviction and may be the same person, the lowest count
        -- includes the conviction only once.
        count(
            distinct case
                when is_counted and is_sure and not is_perhaps_counted_twice and {{ is_surely_one }} then {{ key }}
            end
        ) as counted_low,
        {{ at_most }} as counted_high
    from members_and_certainty
    group by universe, line
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

units as (

    {% for unit in units %}
    select '{{ unit }}' as unit
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- Each line has a count in each unit: zero if nothing is on the line, NULL if the file that it needs was not delivered.
framed as (

    select
        lines.*,
        units.unit,
        case
            when lines.universe = 'both_waves' and as_of_dates.court_as_of_date is null then null
            when as_of_dates.doj_as_of_date is null then null
            when lines.line = 'on_doj_list' then as_of_dates.doj_as_of_date
            else as_of_dates.events_as_of_date
        end as extract_as_of_date,
        coalesce(counted.counted, 0) as counted,
        coalesce(counted.counted_low, 0) as counted_low,
        coalesce(counted.counted_high, 0) as counted_high
    from lines
    cross join units
    cross join as_of_dates
    left join counted
        on lines.universe = counted.universe and lines.line = counted.line and units.unit = counted.unit
    where lines.kind <> 'quoted'

),

-- The overlap is the difference between the result and the sum of the lines. A case or a person may be on several
-- lines, and then the overlap is not zero.
overlapping as (

    select
        universe,
        unit,
        sum(
            case
                when kind in ('minus', 'result') then counted
                when kind in ('start', 'plus') then -counted
                else 0
            end
        ) as overlap
    from framed
    group by universe, unit

),

numbered as (

    select
        framed.universe,
        framed.universe_title,
        framed.line_number,
        framed.line,
        framed.kind,
        framed.line_title,
        framed.explanation,
        framed.unit,
        case
            when framed.extract_as_of_date is null then null
            when framed.kind = 'overlap' then overlapping.overlap
            else framed.counted
        end as counted,
        case when framed.extract_as_of_date is not null and framed.kind <> 'overlap' then framed.counted_low end
            as counted_low,
        case when framed.extract_as_of_date is not null and framed.kind <> 'overlap' then framed.counted_high end
            as counted_high,
        framed.extract_as_of_date,
        case framed.unit
            when 'convictions' then framed.convictions_figure_id
            when 'cases' then framed.cases_figure_id
            when 'people' then framed.people_figure_id
        end as figure_id
    from framed
    inner join overlapping on framed.universe = overlapping.universe and framed.unit = overlapping.unit
    union all
    select
        universe,
        universe_title,
        line_number,
        line,
        kind,
        line_title,
        explanation,
        'mixed' as unit,
        cast(null as bigint) as counted,
        cast(null as bigint) as counted_low,
        cast(null as bigint) as counted_high,
        cast(null as date) as extract_as_of_date,
        mixed_figure_id as figure_id
    from lines
    where kind = 'quoted'

),

final as (

    select
        numbered.universe,
        numbered.universe_title,
        numbered.line_number,
        numbered.line,
        numbered.kind,
        numbered.line_title,
        numbered.explanation,
        numbered.unit,
        cast(numbered.counted as bigint) as counted,
        cast(numbered.counted_low as bigint) as counted_low,
        cast(numbered.counted_high as bigint) as counted_high,
        numbered.extract_as_of_date,
        figures.figure_id as published_figure_id,
        cast(figures.value as bigint) as published_count,
        figures.as_of_date as published_as_of_date,
        figures.scope as published_scope,
        figures.source_name as published_source_name,
        figures.source_url as published_source_url,
        context.is_synthetic
    from numbered
    cross join context
    -- The figures published for Los Angeles are never compared with counts of another county.
    left join figures on numbered.figure_id = figures.figure_id and context.county_name = figures.county_name

)

select * from final
