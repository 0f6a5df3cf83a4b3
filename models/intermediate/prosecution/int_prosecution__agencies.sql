-- The agency that prosecuted each conviction: from the court's file, else by level, else by the city whose police made
-- the arrest.
with convictions as (

    select * from {{ ref('int_identity__convictions') }}

),

court_cases as (

    select
        court_convictions.court_conviction_key,
        cases.prosecuting_agency_name,
        cases.courthouse_name
    from {{ ref('int_convictions__court') }} as court_convictions
    inner join {{ ref('int_court__cases') }} as cases
        on court_convictions.case_defendant_key = cases.case_defendant_key

),

-- The code of a city's police department begins with the code of the city. The Sheriff, the Highway Patrol and other
-- agencies arrest in many places, so their code does not identify a city. The code of an agency that is named after
-- another place does not identify a city either.
cities as (

    select
        arresting_agencies.ori_code,
        agencies.agency_name as city_name,
        agencies.has_city_attorney
    from {{ ref('la_arresting_agencies') }} as arresting_agencies
    inner join {{ ref('la_agencies') }} as agencies
        on substr(arresting_agencies.ori_code, 1, 4) = agencies.jurisdiction_code
    where
        arresting_agencies.agency_type = 'Police Department'
        and agencies.jurisdiction_code <> '1900'
        and (
            starts_with(arresting_agencies.agency_name, upper(agencies.agency_name))
            or (agencies.agency_name = 'Los Angeles' and starts_with(arresting_agencies.agency_name, 'LA '))
        )

),

arrest_rows as (

    select
        delivery_id,
        row_no,
        subject_key,
        substr(count_order, 1, 3) as cycle_order
    from {{ ref('int_criminal_history__rows') }}
    where step_type like 'ARREST%' and is_count_order_valid

),

arrests as (

    select
        arrest_rows.subject_key,
        arrest_rows.cycle_order,
        case when count(distinct cities.city_name) = 1 then max(cities.city_name) end as city_name,
        -- If several agencies made arrests in one cycle, the answer is known only where each agency belongs to a city
        -- and all cities agree.
        case
            when count(*) = count(cities.ori_code) and bool_and(cities.has_city_attorney) then true
            when count(*) = count(cities.ori_code) and not bool_or(cities.has_city_attorney) then false
        end as has_city_attorney
    from arrest_rows
    inner join {{ ref('stg_ca_doj__row_details') }} as details
        on arrest_rows.delivery_id = details.delivery_id and arrest_rows.row_no = details.row_no
    left join cities on upper(regexp_replace(details.agency_code, '^CA0?', '')) = cities.ori_code
    group by arrest_rows.subject_key, arrest_rows.cycle_order

),

steps as (

    select
        doj_conviction_key,
        subject_key,
        substr(cycle_step, 1, 3) as cycle_order
    from {{ ref('int_convictions__criminal_history') }}

),

joined as (

    select
        convictions.conviction_key,
        convictions.level,
        -- A link that may lead to another person's case is not used here.
        case when not convictions.is_link_weak then court_cases.courthouse_name end as courthouse_name,
        case when not convictions.is_link_weak then court_cases.prosecuting_agency_name end as court_agency_name,
        arrests.has_city_attorney,
        arrests.city_name
    from convictions
    left join court_cases on convictions.court_conviction_key = court_cases.court_conviction_key
    left join steps on convictions.doj_conviction_key = steps.doj_conviction_key
    left join arrests on steps.subject_key = arrests.subject_key and steps.cycle_order = arrests.cycle_order

),

agency_sources as (

    select
        *,
        case
            when upper(court_agency_name) like '%CITY ATTORNEY%' then 'court_file'
            when upper(court_agency_name) like '%DISTRICT ATTORNEY%' then 'court_file'
            -- No city attorney prosecutes a felony.
            when level = 'felony' then 'level'
            when has_city_attorney is not null and level is not null then 'arresting_agency'
        end as agency_source
    from joined

),

final as (

    select
        conviction_key,
        case
            when agency_source = 'court_file' and upper(court_agency_name) like '%CITY ATTORNEY%' then 'city_attorney'
            when agency_source = 'arresting_agency' and has_city_attorney then 'city_attorney'
            when agency_source is not null then 'district_attorney'
        end as prosecuting_agency,
        case
            when agency_source = 'court_file' then upper(court_agency_name)
            when agency_source = 'arresting_agency' and has_city_attorney and city_name is not null
                then upper(city_name) || ' CITY ATTORNEY'
            when agency_source = 'arresting_agency' and has_city_attorney then null
            when agency_source is not null then 'LOS ANGELES COUNTY DISTRICT ATTORNEY'
        end as prosecuting_agency_name,
        agency_source,
        courthouse_name,
        -- Whether misdemeanors in this place are prosecuted by a city attorney, whoever prosecuted this conviction.
        case
            when agency_source = 'court_file' and upper(court_agency_name) like '%CITY ATTORNEY%' then true
            when agency_source = 'court_file' and level <> 'felony' then false
            else has_city_attorney
        end as is_place_of_city_attorney
    from agency_sources

)

select * from final
