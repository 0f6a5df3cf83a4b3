-- A report counts all convictions of fct_convictions that are in its scope, and no others. Only the older tool's
-- summary follows the published rules and counts what these treat as convictions.
with convictions as (

    select * from {{ ref('fct_convictions') }}

),

in_review as (

    select count(*) as convictions from convictions
    where is_in_review

),

waves as (

    select distinct
        wave_number,
        unit
    from {{ ref('progress_stages') }}

),

-- For an empty file some reports have no row, which means zero here.
compared as (

    select
        'rpt_dismissals_by_year_and_offense' as report,
        (
            select count(*) from convictions
            where is_dismissed_by_order and coalesce(is_in_county, true)
        ) as expected,
        sum(dismissals) as found
    from {{ ref('rpt_dismissals_by_year_and_offense') }}
    where
        unit = 'convictions' and year_basis = 'conviction_year'
        and year = 'all' and offense = 'all' and level = 'all' and wave = 'all'
    union all
    select
        'rpt_dismissals_by_year_and_offense, year by year' as report,
        (
            select count(*) from convictions
            where is_dismissed_by_order and coalesce(is_in_county, true)
        ) as expected,
        sum(dismissals) as found
    from {{ ref('rpt_dismissals_by_year_and_offense') }}
    where
        unit = 'convictions' and year_basis = 'conviction_year'
        and year <> 'all' and offense = 'all' and level = 'all' and wave = 'all'
    union all
    select
        'rpt_universe_reconciliation' as report,
        (
            select count(*) from convictions
            where is_in_review and doj_conviction_key is not null
        ) as expected,
        sum(counted) as found
    from {{ ref('rpt_universe_reconciliation') }}
    where universe = 'first_wave' and line = 'on_doj_list' and unit = 'convictions'
    union all
    select
        'rpt_relief_standing' as report,
        (select convictions from in_review) as expected,
        sum(convictions) as found
    from {{ ref('rpt_relief_standing') }}
    where courthouse = 'all' and standing = 'all'
    union all
    select
        'rpt_relief_by_courthouse, ' || stage as report,
        (select convictions from in_review) as expected,
        sum(in_review) as found
    from {{ ref('rpt_relief_by_courthouse') }}
    where courthouse = 'all'
    group by stage
    union all
    select
        'rpt_relief_by_race_sex_age, ' || stage as report,
        (select convictions from in_review) as expected,
        sum(in_review) as found
    from {{ ref('rpt_relief_by_race_sex_age') }}
    where race = 'all' and sex = 'all' and age_band = 'all'
    group by stage
    union all
    {% if var('older_tool') %}
    select
        'rpt_older_tool_summary' as report,
        -- The older tool's summary is compared with the published rules' own interpretation. It covers only this
        -- county.
        (
            select count(*) from {{ ref('int_published_rules__convictions') }} as literal
            inner join {{ ref('int_charges__parsed') }} as charges on literal.charge_text = charges.charge_text
            where literal.is_count_order_valid and literal.is_in_county and charges.is_prop_64
        ) as expected,
        sum(counted) as found
    from {{ ref('rpt_older_tool_summary') }}
    where counted_as = 'ours' and measure = 'convictions by section'
    union all
    {% endif %}
    select
        'rpt_prosecutor_notices, to the court' as report,
        (
            select count(*) from convictions
            inner join {{ ref('int_review__doj_list') }} as doj_list
                on convictions.conviction_key = doj_list.conviction_key
            where convictions.is_in_county and doj_list.was_on_the_list is not false
        ) as expected,
        sum(convictions) as found
    from {{ ref('rpt_prosecutor_notices') }}
    where notice_to = 'court'
    union all
    select
        'rpt_prosecutor_notices, to the public defender' as report,
        (
            select coalesce(sum(convictions), 0) from {{ ref('rpt_prosecutor_notices') }}
            where notice_to = 'court' and notice = 'challenged'
        ) as expected,
        sum(convictions) as found
    from {{ ref('rpt_prosecutor_notices') }}
    where notice_to = 'public_defender'
    union all
    select
        'rpt_stuck_convictions, ' || case when courthouse = 'all' then 'all' else 'by courthouse' end as report,
        (
            select count(*) from {{ ref('fct_relief_lifecycle') }}
            where waiting_status = 'waiting'
        ) as expected,
        sum(waiting) as found
    from {{ ref('rpt_stuck_convictions') }}
    group by courthouse = 'all'
    union all
    select
        'rpt_orders_by_month, wave ' || cast(waves.wave_number as varchar) as report,
        (
            select
                count(
                    distinct case waves.unit when 'cases' then convictions.case_key else convictions.conviction_key end
                )
            from convictions
            where convictions.is_dismissed_by_order and convictions.wave_number = waves.wave_number
        ) as expected,
        sum(months.ordered) as found
    from waves
    left join {{ ref('rpt_orders_by_month') }} as months on waves.wave_number = months.wave_number
    group by waves.wave_number, waves.unit
    union all
    select
        'rpt_orders_by_month, the last month of wave ' || cast(wave_number as varchar) as report,
        sum(ordered) as expected,
        max(ordered_so_far) as found
    from {{ ref('rpt_orders_by_month') }}
    group by wave_number

)

select * from compared
where expected <> coalesce(found, 0)
