-- The measures that the policies of the District Attorney's office need beyond those of the published rules, with lower
-- and upper bounds.
with evaluated as (

    select
        evaluated.*,
        agencies.is_place_of_city_attorney,
        identified.court_conviction_key,
        identified.is_link_weak,
        relief.wave_number,
        coalesce(relief.is_dismissed_by_order and relief.relief_order_date is null, false) as is_order_undated
    from {{ ref('int_policies__evaluated_convictions') }} as evaluated
    inner join {{ ref('int_identity__convictions') }} as identified
        on evaluated.identified_key = identified.conviction_key
    left join {{ ref('int_prosecution__agencies') }} as agencies
        on evaluated.identified_key = agencies.conviction_key
    left join {{ ref('int_orders__relief') }} as relief on evaluated.identified_key = relief.conviction_key
    where evaluated.is_prop_64 or evaluated.is_prop_64_predecessor

),

histories as (

    select
        evaluated.conviction_key,
        history.*,
        context.evaluated_as_of_date
    from evaluated
    inner join {{ ref('int_policies__person_history') }} as history on evaluated.history_key = history.history_key
    cross join {{ ref('stg_landing__build_context') }} as context
    -- Only the DOJ's file contains a history.
    where evaluated.source = 'ca_doj'

),

is_from_a_place_with_city_attorney as (

    select
        conviction_key,
        'is_from_a_place_with_city_attorney' as measure,
        case when is_place_of_city_attorney then 1.0 else 0.0 end as lower_bound,
        case when not is_place_of_city_attorney then 0.0 else 1.0 end as upper_bound,
        case when is_place_of_city_attorney is null then {{ fact('prosecuting_agency') }} else 0 end as facts
    from evaluated

),

is_in_court_records as (

    select
        conviction_key,
        'is_in_court_records' as measure,
        case when court_conviction_key is not null and not is_link_weak then 1.0 else 0.0 end as lower_bound,
        case when court_conviction_key is not null then 1.0 else 0.0 end as upper_bound,
        case when court_conviction_key is not null and is_link_weak then {{ fact('court_records') }} else 0 end as facts
    from evaluated

),

is_in_first_wave as (

    select
        conviction_key,
        'is_in_first_wave' as measure,
        case when wave_number = 1 then 1.0 else 0.0 end as lower_bound,
        case when wave_number = 1 or (wave_number is null and is_order_undated) then 1.0 else 0.0 end as upper_bound,
        case when wave_number is null and is_order_undated then {{ fact('earlier_relief') }} else 0 end as facts
    from evaluated

),

{% for measure, sections in [
    ('is_possession_or_cultivation', ['11357', '11358', '11530', '11530.1']),
    ('is_possession_for_sale_section', ['11359', '11530.5']),
] %}
{{ measure }} as (

    select
        conviction_key,
        '{{ measure }}' as measure,
        case when section in ({{ "'" ~ sections | join("', '") ~ "'" }}) then 1.0 else 0.0 end as lower_bound,
        case when section is null or section in ({{ "'" ~ sections | join("', '") ~ "'" }}) then 1.0 else 0.0 end
            as upper_bound,
        case when section is null then {{ fact('section') }} else 0 end as facts
    from evaluated

),

{% endfor %}
-- A conviction without a date or level may be the latest felony. If there is no felony, the number of years since the
-- latest one is infinite.
years_since_latest_felony_conviction as (

    select
        conviction_key,
        'years_since_latest_felony_conviction' as measure,
        case
            when undated_possible_felonies > 0 then null
            when latest_possible_felony_date is null then cast('infinity' as double)
            else cast({{ whole_years_between('latest_possible_felony_date', 'evaluated_as_of_date', 'to') }} as double)
        end as lower_bound,
        case
            when latest_felony_date is null then cast('infinity' as double)
            else cast({{ whole_years_between('latest_felony_date', 'evaluated_as_of_date', 'to') }} as double)
        end as upper_bound,
        case when undated_possible_felonies > 0 then {{ fact('conviction_date') }} else 0 end
        | case when has_unknown_level then {{ fact('level') }} else 0 end
        | case when coalesce(unclear_convictions, 0) > 0 then {{ fact('disposition') }} else 0 end as facts
    from histories

),

final as (

    select * from is_from_a_place_with_city_attorney
    union all
    select * from is_in_court_records
    union all
    select * from is_in_first_wave
    union all
    select * from is_possession_or_cultivation
    union all
    select * from is_possession_for_sale_section
    union all
    select * from years_since_latest_felony_conviction

)

select * from final
