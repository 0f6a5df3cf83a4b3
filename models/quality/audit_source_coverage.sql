{% set first_year = 1900 %}

with court_cases as (

    select * from {{ ref('int_court__cases') }}

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

doj_convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}
    where is_count_order_valid

),

-- All counts, convicted or not, in order to find cases without counts and cases without a disposition.
counts_of_cases as (

    select
        counts.case_number || '|' || coalesce(counts.defendant_number, sole_defendants.defendant_number, '')
            as case_defendant_key,
        bool_or(counts.disposition_type is not null) as has_disposition
    from {{ ref('stg_la_court__counts') }} as counts
    left join {{ ref('int_court__sole_defendants') }} as sole_defendants
        on counts.case_number = sole_defendants.case_number
    where counts.case_number is not null
    group by counts.case_number || '|' || coalesce(counts.defendant_number, sole_defendants.defendant_number, '')

),

deliveries as (

    select
        source,
        max(as_of_date) as as_of_date
    from {{ ref('stg_landing__deliveries') }}
    where status = 'landed'
    group by source

),

source_coverage as (

    select * from {{ ref('source_coverage') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

records as (

    select
        'la_court' as source,
        court_cases.county_name,
        coalesce(court_cases.courthouse_name, 'unknown') as courthouse_name,
        cast(date_part('year', court_cases.filing_date) as integer) as year,
        1 as cases,
        case when court_cases.is_juvenile then 1 else 0 end as juvenile_cases,
        case when counts_of_cases.case_defendant_key is null then 1 else 0 end as cases_without_counts,
        case when not counts_of_cases.has_disposition then 1 else 0 end as cases_without_disposition,
        cast(null as varchar) as level
    from court_cases
    left join counts_of_cases on court_cases.case_defendant_key = counts_of_cases.case_defendant_key
    union all
    select
        'la_court' as source,
        court_convictions.county_name,
        coalesce(court_cases.courthouse_name, 'unknown') as courthouse_name,
        cast(date_part('year', court_convictions.conviction_date) as integer) as year,
        0 as cases,
        0 as juvenile_cases,
        0 as cases_without_counts,
        0 as cases_without_disposition,
        coalesce(court_convictions.level, 'unknown') as level
    from court_convictions
    left join court_cases on court_convictions.case_defendant_key = court_cases.case_defendant_key
    union all
    select
        'ca_doj' as source,
        coalesce(county_name, 'unknown') as county_name,
        'not told' as courthouse_name,
        cast(date_part('year', conviction_date) as integer) as year,
        0 as cases,
        0 as juvenile_cases,
        0 as cases_without_counts,
        0 as cases_without_disposition,
        coalesce(level, 'unknown') as level
    from doj_convictions

),

counted as (

    select
        source,
        county_name,
        courthouse_name,
        year,
        sum(cases) as cases,
        sum(juvenile_cases) as juvenile_cases,
        sum(cases_without_counts) as cases_without_counts,
        sum(cases_without_disposition) as cases_without_disposition,
        count(*) filter (where level = 'felony') as felony_convictions,
        count(*) filter (where level = 'misdemeanor') as misdemeanor_convictions,
        count(*) filter (where level not in ('felony', 'misdemeanor')) as other_convictions
    from records
    group by source, county_name, courthouse_name, year

),

-- Years after the as-of date of the file and years before 1900 are typing errors and are ignored.
observed as (

    select
        counted.source,
        counted.county_name,
        counted.courthouse_name,
        counted.year
    from counted
    inner join deliveries on counted.source = deliveries.source
    where counted.year between {{ first_year }} and date_part('year', deliveries.as_of_date)

),

spans as (

    select
        source,
        county_name,
        courthouse_name,
        min(year) as first_year_observed,
        max(year) as last_year_observed
    from observed
    group by source, county_name, courthouse_name

),

years_of_spans as (

    select
        source,
        county_name,
        courthouse_name,
        cast(unnest(generate_series(first_year_observed, last_year_observed)) as integer) as year
    from spans

),

years_of_counties as (

    select distinct
        source,
        county_name,
        year
    from observed

),

-- Years in which a courthouse delivers nothing although it delivers records before and after.
gaps as (

    select
        years_of_spans.*,
        years_of_counties.year is null as is_of_every_courthouse
    from years_of_spans
    left join observed
        on
            years_of_spans.source = observed.source
            and years_of_spans.county_name = observed.county_name
            and years_of_spans.courthouse_name = observed.courthouse_name
            and years_of_spans.year = observed.year
    left join years_of_counties
        on
            years_of_spans.source = years_of_counties.source
            and years_of_spans.county_name = years_of_counties.county_name
            and years_of_spans.year = years_of_counties.year
    where observed.year is null

),

counted_and_gaps as (

    select
        counted.*,
        'none' as gap
    from counted
    union all by name
    select
        source,
        county_name,
        courthouse_name,
        year,
        {% for count in ['cases', 'juvenile_cases', 'cases_without_counts', 'cases_without_disposition',
                         'felony_convictions', 'misdemeanor_convictions', 'other_convictions'] %}
        0 as {{ count }},
        {% endfor %}
        case when is_of_every_courthouse then 'every_courthouse' else 'courthouse' end as gap
    from gaps

),

final as (

    select
        counted.source,
        counted.county_name,
        counted.courthouse_name,
        counted.year,
        cast(counted.cases as bigint) as cases,
        cast(counted.juvenile_cases as bigint) as juvenile_cases,
        cast(counted.cases_without_counts as bigint) as cases_without_counts,
        cast(counted.cases_without_disposition as bigint) as cases_without_disposition,
        cast(counted.felony_convictions as bigint) as felony_convictions,
        cast(counted.misdemeanor_convictions as bigint) as misdemeanor_convictions,
        cast(counted.other_convictions as bigint) as other_convictions,
        {% for level in ['felony', 'misdemeanor'] %}
        case
            when counted.year is null or {{ level }}.first_year is null then 'cannot_tell'
            when counted.year < {{ level }}.first_year or counted.year > date_part('year', deliveries.as_of_date)
                then 'no'
            when counted.gap <> 'none' then 'cannot_tell'
            else 'yes'
        end as speaks_of_{{ 'felonies' if level == 'felony' else 'misdemeanors' }},
        {% endfor %}
        coalesce(felony.citation, misdemeanor.citation) as coverage_citation,
        cast(spans.first_year_observed as integer) as first_year_observed,
        cast(spans.last_year_observed as integer) as last_year_observed,
        counted.gap,
        coalesce(counted.county_name <> context.county_name, false) as is_other_county,
        deliveries.as_of_date as extract_as_of_date,
        context.is_synthetic
    from counted_and_gaps as counted
    cross join context
    left join deliveries on counted.source = deliveries.source
    left join spans
        on
            counted.source = spans.source
            and counted.county_name = spans.county_name
            and counted.courthouse_name = spans.courthouse_name
    {% for level in ['felony', 'misdemeanor'] %}
    left join source_coverage as {{ level }}
        on
            counted.source = {{ level }}.source
            and counted.county_name = {{ level }}.county_name
            and {{ level }}.level = '{{ level }}'
    {% endfor %}

)

select * from final
