with convictions as (

    select * from {{ ref('fct_convictions') }}

),

link_certainty as (

    select * from {{ ref('int_orders__wave_certainty') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}
    where status = 'landed'

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

published_figures as (

    select * from {{ ref('published_figures') }}

),

stages as (

    select * from {{ ref('progress_stages') }}

),

as_of_dates as (

    select
        max(case when source = 'ca_doj' then as_of_date end) as doj_as_of_date,
        max(case when source = 'la_court' then as_of_date end) as court_as_of_date,
        max(case when source = 'relief_events' then as_of_date end) as events_as_of_date
    from deliveries

),

-- One row per conviction and stage that it reached. The two waves overlap at the stage `identified`, because the second
-- wave examined the convictions on the DOJ's list again that the first wave did not order.
reached as (

    select
        1 as wave_number,
        'identified' as stage,
        conviction_key,
        case_key
    from convictions
    where is_in_review and doj_conviction_key is not null
    union all
    select
        2 as wave_number,
        'identified' as stage,
        conviction_key,
        case_key
    from convictions
    where wave_number = 2
    union all
    select
        wave_number,
        'order_signed' as stage,
        conviction_key,
        case_key
    from convictions
    where wave_number is not null and is_dismissed_by_order
    union all
    select
        wave_number,
        'court_record_updated' as stage,
        conviction_key,
        case_key
    from convictions
    where wave_number is not null and is_dismissed_by_order and is_court_record_updated
    union all
    select
        wave_number,
        'doj_updated' as stage,
        conviction_key,
        case_key
    from convictions
    where wave_number is not null and is_dismissed_by_order and is_doj_updated

),

-- First-wave convictions with a weak link to a court count. If the link is wrong, the count belongs to the second wave.
possibly_wave_2 as (

    select
        2 as wave_number,
        stages.stage,
        convictions.case_key
    from convictions
    inner join link_certainty on convictions.conviction_key = link_certainty.conviction_key
    cross join stages
    where
        convictions.wave_number = 1
        and stages.wave_number = 2
        and link_certainty.is_possibly_wave_2
        and (
            stages.stage = 'identified'
            or (
                link_certainty.is_order_named_by_court
                and (
                    stages.stage = 'order_signed'
                    or (stages.stage = 'court_record_updated' and convictions.is_court_record_updated)
                    or (stages.stage = 'doj_updated' and convictions.is_doj_updated)
                )
            )
        )

),

-- Record updates are matched by court case number. If a link between the files was missed, a first-wave conviction may
-- appear again as a court count of the second wave, and its update is counted there. If a weak link is wrong, the
-- update is counted for a first-wave conviction to which it does not belong.
first_wave_by_links as (

    select
        stages.stage,
        count(*) filter (where convictions.wave_number = 2 and link_certainty.is_possibly_wave_1) as perhaps_more,
        count(*) filter (where convictions.wave_number = 1 and link_certainty.is_possibly_wave_2) as perhaps_fewer
    from convictions
    inner join link_certainty on convictions.conviction_key = link_certainty.conviction_key
    cross join stages
    where
        stages.wave_number = 1
        and (
            (stages.stage = 'court_record_updated' and convictions.is_court_record_updated)
            or (stages.stage = 'doj_updated' and convictions.is_doj_updated)
        )
    group by stages.stage

),

counted as (

    select
        reached.wave_number,
        reached.stage,
        count(*) as convictions,
        count(distinct reached.case_key) as cases,
        count(distinct case when not coalesce(link_certainty.is_possibly_wave_1, false) then reached.case_key end)
            as surely_cases
    from reached
    left join link_certainty on reached.conviction_key = link_certainty.conviction_key
    group by reached.wave_number, reached.stage

),

possible as (

    select
        wave_number,
        stage,
        case_key
    from reached
    union all
    select
        wave_number,
        stage,
        case_key
    from possibly_wave_2

),

highest as (

    select
        wave_number,
        stage,
        count(distinct case_key) as possible_cases
    from possible
    group by wave_number, stage

),

-- The first stage is counted if the wave's own file was delivered. Later stages are counted if the events were
-- delivered too. Otherwise the count is NULL, not zero.
dated_stages as (

    select
        stages.*,
        case
            when stages.stage = 'identified' and stages.wave_number = 1 then as_of_dates.doj_as_of_date
            when stages.stage = 'identified' then as_of_dates.court_as_of_date
            when stages.wave_number = 1 and as_of_dates.doj_as_of_date is not null then as_of_dates.events_as_of_date
            when stages.wave_number = 2 and as_of_dates.court_as_of_date is not null then as_of_dates.events_as_of_date
        end as extract_as_of_date
    from stages
    cross join as_of_dates

),

numbers as (

    select
        dated_stages.*,
        case
            when dated_stages.extract_as_of_date is null then null
            when dated_stages.wave_number = 1 then coalesce(counted.convictions, 0)
            else coalesce(counted.cases, 0)
        end as counted,
        case
            when dated_stages.extract_as_of_date is null then null
            when dated_stages.wave_number = 1
                then coalesce(counted.convictions, 0) - coalesce(first_wave_by_links.perhaps_fewer, 0)
            else coalesce(counted.surely_cases, 0)
        end as counted_low,
        case
            when dated_stages.extract_as_of_date is null then null
            when dated_stages.wave_number = 1
                then coalesce(counted.convictions, 0) + coalesce(first_wave_by_links.perhaps_more, 0)
            else coalesce(highest.possible_cases, 0)
        end as counted_high
    from dated_stages
    left join counted on dated_stages.wave_number = counted.wave_number and dated_stages.stage = counted.stage
    left join first_wave_by_links
        on dated_stages.wave_number = 1 and dated_stages.stage = first_wave_by_links.stage
    left join highest on dated_stages.wave_number = highest.wave_number and dated_stages.stage = highest.stage

),

final as (

    select
        numbers.wave_number,
        numbers.wave_title,
        numbers.unit,
        numbers.stage_number,
        numbers.stage,
        numbers.stage_title,
        cast(published_figures.value as bigint) as published_count,
        published_figures.as_of_date as published_as_of_date,
        published_figures.source_name as published_source_name,
        published_figures.source_url as published_source_url,
        numbers.counted,
        numbers.counted_low,
        numbers.counted_high,
        cast(numbers.counted as double) / published_figures.value as share_of_published,
        numbers.extract_as_of_date,
        context.is_synthetic
    from numbers
    cross join context
    -- The figures published for Los Angeles are never compared with counts of another county.
    left join published_figures
        on numbers.figure_id = published_figures.figure_id and context.county_name = published_figures.county_name

)

select * from final
