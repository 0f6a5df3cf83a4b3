-- Models that use dates treat an impossible date as unknown. The staging models keep the date as it is.
with placeholders as (

    select placeholder_date from {{ ref('placeholder_dates') }}

),

deliveries as (

    select
        delivery_id,
        as_of_date
    from {{ ref('stg_landing__deliveries') }}

),

-- If several files name a person, the birth date comes from the newest of them.
subject_files as (

    select
        subject_key,
        max(as_of_date) as as_of_date
    from {{ ref('int_criminal_history__subject_keys') }}
    group by subject_key

),

births as (

    select
        'ca_doj' as source,
        subjects.subject_key as record_key,
        subjects.birth_date,
        subject_files.as_of_date
    from {{ ref('int_criminal_history__subjects') }} as subjects
    left join subject_files on subjects.subject_key = subject_files.subject_key
    where subjects.birth_date is not null
    union all
    select
        'la_court' as source,
        cases.case_defendant_key as record_key,
        cases.birth_date,
        deliveries.as_of_date
    from {{ ref('int_court__cases') }} as cases
    left join deliveries on cases.delivery_id = deliveries.delivery_id
    where cases.birth_date is not null

),

convictions as (

    select
        'ca_doj' as source,
        doj_convictions.subject_key as record_key,
        doj_convictions.doj_conviction_key as source_conviction_key,
        doj_convictions.conviction_date,
        deliveries.as_of_date
    from {{ ref('int_convictions__criminal_history') }} as doj_convictions
    left join deliveries on doj_convictions.delivery_id = deliveries.delivery_id
    where doj_convictions.conviction_date is not null
    union all
    select
        'la_court' as source,
        court_convictions.case_defendant_key as record_key,
        court_convictions.court_conviction_key as source_conviction_key,
        court_convictions.conviction_date,
        deliveries.as_of_date
    from {{ ref('int_convictions__court') }} as court_convictions
    left join deliveries on court_convictions.delivery_id = deliveries.delivery_id
    where court_convictions.conviction_date is not null

),

-- Findings that concern the birth date alone, without the dates of convictions.
births_by_themselves as (

    select
        births.*,
        case
            when placeholders.placeholder_date is not null then 'birth_date_placeholder'
            when births.birth_date > births.as_of_date then 'birth_in_the_future'
            when births.birth_date < {{ first_plausible_birth_date() }} then 'birth_date_before_1830'
        end as finding
    from births
    left join placeholders on births.birth_date = placeholders.placeholder_date

),

-- Each conviction with the birth date of its record; birth dates that already have a finding are left out.
convictions_with_births as (

    select
        convictions.*,
        births.birth_date,
        placeholders.placeholder_date,
        coalesce({{ is_age_impossible('births.birth_date', 'convictions.conviction_date') }}, false)
            as is_age_impossible
    from convictions
    left join placeholders on convictions.conviction_date = placeholders.placeholder_date
    left join births_by_themselves as births
        on
            convictions.source = births.source
            and convictions.record_key = births.record_key
            and births.finding is null

),

judged_convictions as (

    select
        *,
        case
            when placeholder_date is not null then 'conviction_date_placeholder'
            when conviction_date > as_of_date then 'conviction_in_the_future'
            when is_age_impossible and conviction_date < {{ first_plausible_conviction_date() }}
                then 'conviction_before_1940'
        end as finding
    from convictions_with_births

),

-- A birth date that contradicts the possible date of one conviction is impossible for all of them, because a person has
-- only one birth date.
contradicted_births as (

    select
        source,
        record_key,
        min(
            case
                when conviction_date < birth_date then 1
                when conviction_date < {{ years_after('birth_date', 10) }} then 2
                else 3
            end
        ) as contradiction
    from judged_convictions
    where is_age_impossible and finding is null
    group by source, record_key

),

impossible_births as (

    select
        births.source,
        births.record_key,
        births.birth_date,
        coalesce(
            births.finding,
            case contradicted_births.contradiction
                when 1 then 'conviction_before_birth'
                when 2 then 'conviction_under_10'
                when 3 then 'conviction_over_110'
            end
        ) as finding
    from births_by_themselves as births
    left join contradicted_births
        on births.source = contradicted_births.source and births.record_key = contradicted_births.record_key

),

final as (

    select
        source,
        'birth_date' as fact,
        record_key,
        cast(null as varchar) as source_conviction_key,
        birth_date as recorded_date,
        finding
    from impossible_births
    where finding is not null
    union all
    select
        source,
        'conviction_date' as fact,
        record_key,
        source_conviction_key,
        conviction_date as recorded_date,
        finding
    from judged_convictions
    where finding is not null

)

select * from final
