with lifecycle as (

    select * from {{ ref('fct_relief_lifecycle') }}

),

convictions as (

    select
        conviction_key,
        source,
        link_basis
    from {{ ref('fct_convictions') }}

),

groups as (

    select * from {{ ref('int_lifecycle__groups') }}

),

waits as (

    select
        conviction_key,
        result,
        days
    from {{ ref('int_lifecycle__intervals') }}
    where transition = 'identified_to_order'

),

clock as (

    select * from {{ ref('int_lifecycle__clock') }}

),

-- Each conviction in review has one row, so all rates have the same denominator. `standing` is defined as in
-- rpt_relief_standing.
stood as (

    select
        lifecycle.*,
        case
            when lifecycle.waiting_status = 'visible' then 'visible'
            when lifecycle.current_stage in ('court_record_updated', 'reported_to_doj') then 'court_record_updated'
            when lifecycle.current_stage = 'order_entered' then 'entered'
            when lifecycle.current_stage = 'order_signed' then 'ordered'
            when lifecycle.waiting_status = 'unknown' then 'unknown'
            else 'not_ordered'
        end as standing
    from lifecycle

),

placed as (

    select
        coalesce(groups.race, 'unknown') as race,
        coalesce(groups.sex, 'unknown') as sex,
        coalesce(groups.age_band, 'unknown') as age_band,
        coalesce(cast(stood.wave_number as varchar), 'neither') as wave,
        convictions.source as known_to,
        case
            when convictions.source = 'ca_doj' then 'in the DOJ file only'
            when convictions.source = 'la_court' then 'in court records only'
            when convictions.link_basis = 'case_number' then 'linked by case number'
            else 'linked by person and other facts'
        end as link,
        stood.standing,
        case
            when stood.standing in ('not_ordered', 'unknown') then 'no order'
            when waits.result = 'reached' and waits.days <= 90 then '0-90'
            when waits.result = 'reached' and waits.days <= 180 then '91-180'
            when waits.result = 'reached' and waits.days <= 365 then '181-365'
            when waits.result = 'reached' then '366 and more'
            else 'days unknown'
        end as days_to_order
    from stood
    inner join convictions on stood.conviction_key = convictions.conviction_key
    left join groups on stood.person_key = groups.person_key
    left join waits on stood.conviction_key = waits.conviction_key

),

counted as (

    select
        coalesce(race, 'all') as race,
        coalesce(sex, 'all') as sex,
        coalesce(age_band, 'all') as age_band,
        coalesce(wave, 'all') as wave,
        coalesce(known_to, 'all') as known_to,
        coalesce(link, 'all') as link,
        coalesce(standing, 'all') as standing,
        coalesce(days_to_order, 'all') as days_to_order,
        count(*) as convictions
    from placed
    group by
        -- The linter mistakes GROUPING SETS for two clauses. -- noqa: disable=LT02
        grouping sets (
            (), (race), (sex), (age_band), (wave), (known_to), (known_to, link), (standing), (days_to_order),
            (race, standing), (sex, standing), (age_band, standing),
            (race, days_to_order), (sex, days_to_order),
            (race, known_to), (sex, known_to), (age_band, known_to), (wave, known_to)
        )
        -- noqa: enable=LT02

),

final as (

    select
        counted.race,
        counted.sex,
        counted.age_band,
        counted.wave,
        counted.known_to,
        counted.link,
        counted.standing,
        counted.days_to_order,
        'convictions' as unit,
        counted.convictions,
        clock.lifecycle_as_of_date,
        clock.evaluated_as_of_date,
        clock.extract_as_of_date,
        clock.is_synthetic
    from counted
    cross join clock
    where counted.convictions > 0

)

select * from final
