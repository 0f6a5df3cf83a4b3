with convictions as (

    select * from {{ ref('fct_convictions') }}
    where is_dismissed_by_order and coalesce(is_in_county, true)

),

persons as (

    select
        person_key,
        birth_date
    from {{ ref('dim_subjects') }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

arrests as (

    select * from {{ ref('int_prosecution__arresting_agencies') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

aged as (

    select
        convictions.*,
        {{ whole_years_between('persons.birth_date', 'convictions.conviction_date') }} as age_at_conviction
    from convictions
    left join persons on convictions.person_key = persons.person_key

),

placed as (

    select
        coalesce(cast(floor(aged.conviction_year / 10) * 10 as integer) || 's', 'unknown') as decade,
        coalesce(age_bands.age_band, 'unknown') as age_at_conviction,
        aged.offense,
        case
            when aged.offense not in ('other', 'unknown')
                then aged.offense || coalesce('(' || lower(aged.subdivision) || ')', ' without a letter')
            else aged.offense
        end as offense_letter,
        coalesce(arrests.arresting_agency_type, 'unknown') as arresting_agency_type
    from aged
    left join age_bands on aged.age_at_conviction between age_bands.age_from and age_bands.age_to
    left join arrests on aged.doj_conviction_key = arrests.doj_conviction_key

),

counted as (

    select
        coalesce(decade, 'all') as decade,
        coalesce(age_at_conviction, 'all') as age_at_conviction,
        coalesce(offense, 'all') as offense,
        coalesce(offense_letter, 'all') as offense_letter,
        coalesce(arresting_agency_type, 'all') as arresting_agency_type,
        count(*) as convictions
    from placed
    group by
        -- The linter mistakes GROUPING SETS for two clauses. -- noqa: disable=LT02
        grouping sets (
            (), (decade), (age_at_conviction), (offense), (offense, offense_letter), (arresting_agency_type)
        )
        -- noqa: enable=LT02

),

final as (

    select
        counted.decade,
        counted.age_at_conviction,
        counted.offense,
        counted.offense_letter,
        counted.arresting_agency_type,
        'convictions' as unit,
        counted.convictions,
        context.extract_as_of_date,
        context.is_synthetic
    from counted
    cross join context
    where counted.convictions > 0

)

select * from final
