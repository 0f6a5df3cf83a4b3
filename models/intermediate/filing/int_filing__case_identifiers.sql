{# The DOJ's record of a person is used for a court's conviction only if both files have the same CII number. #}
{% set is_record_of_person = 'doj.doj_conviction_key is not null or court.cii_number = subjects.cii_number' %}

-- The data by which a clerk finds each conviction, and the file that each value comes from. A case that may belong to
-- another person is not used.
with convictions as (

    select * from {{ ref('int_identity__convictions') }}
    where is_in_county

),

-- A clerk cannot use an impossible date, so it is left empty.
impossible_dates as (

    select * from {{ ref('int_convictions__impossible_dates') }}

),

doj_convictions as (

    select
        convictions.* exclude (conviction_date),
        case when impossible_dates.source_conviction_key is null then convictions.conviction_date end
            as conviction_date,
        own_rows.step_type,
        own_rows.agency_name,
        -- A count without its own case number gets the case number of its step, if the step has only one.
        case
            when convictions.has_own_case_number or convictions.case_number not like '%;%'
                then convictions.case_number_read
        end as doj_case_number
    from {{ ref('int_convictions__criminal_history') }} as convictions
    inner join {{ ref('int_criminal_history__rows') }} as own_rows
        on convictions.delivery_id = own_rows.delivery_id and convictions.row_no = own_rows.row_no
    left join impossible_dates on convictions.doj_conviction_key = impossible_dates.source_conviction_key

),

court_convictions as (

    select
        counts.court_conviction_key,
        counts.case_number,
        counts.defendant_number,
        counts.count_number,
        case when impossible_convictions.source_conviction_key is null then counts.conviction_date end
            as conviction_date,
        counts.level,
        cases.courthouse_name,
        cases.defendant_name,
        case when impossible_births.record_key is null then cases.birth_date end as birth_date,
        cases.cii_number
    from {{ ref('int_convictions__court') }} as counts
    left join {{ ref('int_court__cases') }} as cases on counts.case_defendant_key = cases.case_defendant_key
    left join impossible_dates as impossible_convictions
        on counts.court_conviction_key = impossible_convictions.source_conviction_key
    left join impossible_dates as impossible_births
        on
            cases.case_defendant_key = impossible_births.record_key
            and impossible_births.source = 'la_court'
            and impossible_births.fact = 'birth_date'

),

subjects as (

    select
        subjects.* exclude (birth_date),
        case when impossible_births.record_key is null then subjects.birth_date end as birth_date
    from {{ ref('int_criminal_history__subjects') }} as subjects
    left join impossible_dates as impossible_births
        on
            subjects.subject_key = impossible_births.record_key
            and impossible_births.source = 'ca_doj'
            and impossible_births.fact = 'birth_date'

),

courthouses as (

    select upper(courthouse_name) as courthouse_key from {{ ref('courthouses') }}

),

offenses as (

    select * from {{ ref('int_offenses__classified') }}

),

joined as (

    select
        convictions.conviction_key,
        convictions.person_key,
        convictions.is_link_weak,
        court.case_number as court_case_number,
        doj.doj_case_number,
        court.defendant_number as court_defendant_number,
        doj.defendant_number_read as doj_defendant_number,
        court.count_number,
        doj.cnt_order,
        court.defendant_name as name_court,
        court.birth_date as birth_date_court,
        court.cii_number as cii_court,
        case when {{ is_record_of_person }} then subjects.subject_name end as name_doj,
        case when {{ is_record_of_person }} then subjects.birth_date end as birth_date_doj,
        case when {{ is_record_of_person }} then subjects.cii_number end as cii_doj,
        court.conviction_date as conviction_date_court,
        doj.conviction_date as conviction_date_doj,
        court.level as level_court,
        doj.level as level_doj,
        upper(court.courthouse_name) as courthouse_court,
        -- The agency of the court step counts as a courthouse only if it is in the seed `courthouses`.
        courthouses.courthouse_key as courthouse_doj,
        doj.subject_id,
        offenses.offense_text,
        offenses.offense_read,
        offenses.section,
        offenses.subdivision,
        case
            when offenses.is_attempt then 'attempt'
            when offenses.is_conspiracy then 'conspiracy'
            when offenses.is_accessory then 'accessory'
            when offenses.is_solicitation then 'solicitation'
            else 'completed'
        end as offense_form
    from convictions
    left join doj_convictions as doj on convictions.doj_conviction_key = doj.doj_conviction_key
    left join court_convictions as court
        on
            case when not convictions.is_link_weak then convictions.court_conviction_key end
            = court.court_conviction_key
    left join courthouses
        on case when doj.step_type = 'COURT ACTION' then upper(trim(doj.agency_name)) end = courthouses.courthouse_key
    left join subjects on convictions.person_key = subjects.subject_key
    left join offenses on convictions.conviction_key = offenses.conviction_key

),

final as (

    select
        conviction_key,
        person_key,
        is_link_weak,
        coalesce(court_case_number, doj_case_number) as case_number,
        case
            when court_case_number is not null then 'la_court'
            when doj_case_number is not null then 'ca_doj'
        end as case_number_source,
        case
            when court_case_number is not null then court_defendant_number
            else doj_defendant_number
        end as defendant_number,
        count_number,
        nullif(subject_id, '') as subject_id,
        cnt_order,
        name_court,
        name_doj,
        coalesce(birth_date_court, birth_date_doj) as birth_date,
        case
            when birth_date_court = birth_date_doj then 'both'
            when birth_date_court <> birth_date_doj then 'la_court, ca_doj differs'
            when birth_date_court is not null then 'la_court'
            when birth_date_doj is not null then 'ca_doj'
        end as birth_date_source,
        coalesce(cii_doj, cii_court) as cii_number,
        case when cii_doj is not null then 'ca_doj' when cii_court is not null then 'la_court' end as cii_source,
        offense_text,
        offense_read,
        section,
        subdivision,
        offense_form,
        coalesce(level_doj, level_court) as level,
        case when level_doj is not null then 'ca_doj' when level_court is not null then 'la_court' end as level_source,
        coalesce(conviction_date_doj, conviction_date_court) as conviction_date,
        case
            when conviction_date_doj is not null then 'ca_doj'
            when conviction_date_court is not null then 'la_court'
        end as conviction_date_source,
        coalesce(courthouse_court, courthouse_doj, 'unknown') as courthouse_key,
        case
            when courthouse_court is not null then 'court_file'
            when courthouse_doj is not null then 'doj_court_step'
        end as courthouse_source,
        -- A juvenile case belongs to the juvenile court, whichever file has its case number.
        coalesce({{ is_juvenile_case_number('court_case_number') }}, false)
        or coalesce({{ is_juvenile_case_number('doj_case_number') }}, false) as is_juvenile_case
    from joined

)

select * from final
