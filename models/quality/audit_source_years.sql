{% set first_year = 1950 %}

-- Every year has a row, whether or not the source has a record of it. Otherwise a row would reveal that a record
-- exists, which may be a single one.
with coverage as (

    select * from {{ ref('audit_source_coverage') }}
    where not is_other_county

),

source_coverage as (

    select * from {{ ref('source_coverage') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

-- The years end with that of the newest extract. If there is no extract, there are no years.
years as (

    select cast(unnest(generate_series({{ first_year }}, date_part('year', extract_as_of_date))) as integer) as year
    from context

),

sources as (

    select 'ca_doj' as source
    union all
    select 'la_court' as source

),

gaps as (

    select
        source,
        year,
        bool_or(gap = 'every_courthouse') as is_gap_everywhere,
        count(distinct courthouse_name) as courthouses
    from coverage
    where gap <> 'none'
    group by source, year

),

final as (

    select
        sources.source,
        years.year,
        {% for level in ['felony', 'misdemeanor'] %}
        case
            when {{ level }}_coverage.first_year is null then 'cannot_tell'
            when years.year >= {{ level }}_coverage.first_year then 'yes'
            else 'no'
        end as covers_{{ 'felonies' if level == 'felony' else 'misdemeanors' }},
        {% endfor %}
        case
            when gaps.is_gap_everywhere then 'every_courthouse'
            when gaps.courthouses > 0 then 'some_courthouses'
            else 'none'
        end as gap,
        context.extract_as_of_date,
        context.is_synthetic
    from years
    cross join sources
    cross join context
    left join source_coverage as felony_coverage
        on
            sources.source = felony_coverage.source
            and context.county_name = felony_coverage.county_name
            and felony_coverage.level = 'felony'
    left join source_coverage as misdemeanor_coverage
        on
            sources.source = misdemeanor_coverage.source
            and context.county_name = misdemeanor_coverage.county_name
            and misdemeanor_coverage.level = 'misdemeanor'
    left join gaps on sources.source = gaps.source and years.year = gaps.year

)

select * from final
