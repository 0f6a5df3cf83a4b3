-- The measures that the policies of the District Attorney's office need beyond those of the published rules, with lower
-- and upper bounds.
with evaluated as (

    select
        evaluated.*,
        -- Only the DOJ's file contains a history.
        case when evaluated.source = 'ca_doj' then evaluated.history_key end as doj_history_key,
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
        evaluated.*,
        history.* exclude (history_key),
        history.history_key is not null as has_history,
        context.evaluated_as_of_date
    from evaluated
    left join {{ ref('int_policies__person_history') }} as history
        on evaluated.doj_history_key = history.history_key
    cross join {{ ref('stg_landing__build_context') }} as context

),

final as (

    select
        conviction_key,
        {{ measured(
            'is_from_a_place_with_city_attorney', 'true',
            'case when is_place_of_city_attorney then 1 else 0 end',
            'case when not is_place_of_city_attorney then 0 else 1 end',
            'case when is_place_of_city_attorney is null then ' ~ fact('prosecuting_agency') ~ ' else 0 end',
        ) }},
        {{ measured(
            'is_in_court_records', 'true',
            'case when court_conviction_key is not null and not is_link_weak then 1 else 0 end',
            'case when court_conviction_key is not null then 1 else 0 end',
            'case when court_conviction_key is not null and is_link_weak then ' ~ fact('court_records') ~ ' else 0 end',
        ) }},
        {{ measured(
            'is_in_first_wave', 'true',
            'case when wave_number = 1 then 1 else 0 end',
            'case when wave_number = 1 or (wave_number is null and is_order_undated) then 1 else 0 end',
            'case when wave_number is null and is_order_undated then ' ~ fact('earlier_relief') ~ ' else 0 end',
        ) }},
        {% for measure, sections in [
            ('is_possession_or_cultivation', ['11357', '11358', '11530', '11530.1']),
            ('is_possession_for_sale_section', ['11359', '11530.5']),
        ] %}
        {% set is_listed = "section in ('" ~ sections | join("', '") ~ "')" %}
        {{ measured(
            measure, 'true',
            'case when ' ~ is_listed ~ ' then 1 else 0 end',
            'case when section is null or ' ~ is_listed ~ ' then 1 else 0 end',
            'case when section is null then ' ~ fact('section') ~ ' else 0 end',
        ) }},
        {% endfor %}
        -- A conviction without a date or level may be the latest felony. If there is no felony, the number of years
        -- since the latest one is infinite.
        {{ measured(
            'years_since_latest_felony_conviction', 'has_history',
            "case when undated_possible_felonies > 0 then null"
            ~ " when latest_possible_felony_date is null then cast('infinity' as double)"
            ~ " else " ~ whole_years_between('latest_possible_felony_date', 'evaluated_as_of_date', 'to') ~ " end",
            "case when latest_felony_date is null then cast('infinity' as double)"
            ~ " else " ~ whole_years_between('latest_felony_date', 'evaluated_as_of_date', 'to') ~ " end",
            'case when undated_possible_felonies > 0 then ' ~ fact('conviction_date') ~ ' else 0 end'
            ~ ' | case when has_unknown_level then ' ~ fact('level') ~ ' else 0 end'
            ~ ' | case when coalesce(unclear_convictions, 0) > 0 then ' ~ fact('disposition') ~ ' else 0 end',
        ) }}
    from histories

)

select * from final
