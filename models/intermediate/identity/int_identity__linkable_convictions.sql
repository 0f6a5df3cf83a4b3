-- The convictions of the DOJ's and the court's files, with the values by which they are compared.
with doj_convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

charges as (

    select * from {{ ref('int_charges__comparable') }}

),

impossible_dates as (

    select source_conviction_key from {{ ref('int_convictions__impossible_dates') }}
    where fact = 'conviction_date'

),

-- Counties whose court files are loaded. A DOJ conviction from any other county cannot be in these files.
counties as (

    select distinct county_name from court_convictions

),

person_links as (

    select * from {{ ref('int_identity__person_links') }}

),

doj as (

    select
        'ca_doj' as source,
        doj_convictions.doj_conviction_key as source_conviction_key,
        doj_convictions.subject_key as person_key,
        cast(null as varchar) as case_defendant_key,
        doj_convictions.case_number_read as case_number,
        charges.charge_identity,
        -- A date that cannot be true is NULL here, so that two such dates do not count as equal.
        case when impossible_dates.source_conviction_key is null then doj_convictions.conviction_date end
            as conviction_date,
        doj_convictions.is_prop_64 or doj_convictions.is_prop_64_predecessor as is_about_cannabis,
        coalesce(doj_convictions.county_name, {{ evaluated_county() }}) as county_name,
        coalesce(doj_convictions.county_name, {{ evaluated_county() }}) in (select county_name from counties)
            as is_county_possible,
        -- One case is a step in the DOJ's file, or a case and defendant in the court's file.
        coalesce(doj_convictions.cycle_step, doj_convictions.doj_conviction_key) as step_key,
        doj_convictions.cnt_order as count_order
    from doj_convictions
    left join charges on doj_convictions.charge_text = charges.charge_text
    left join impossible_dates on doj_convictions.doj_conviction_key = impossible_dates.source_conviction_key
    -- A DOJ row without a valid count number cannot be matched to a conviction in the court's file.
    where doj_convictions.is_count_order_valid

),

court as (

    select
        'la_court' as source,
        court_convictions.court_conviction_key as source_conviction_key,
        person_links.person_key,
        court_convictions.case_defendant_key,
        court_convictions.case_number,
        charges.charge_identity,
        case when impossible_dates.source_conviction_key is null then court_convictions.conviction_date end
            as conviction_date,
        court_convictions.is_prop_64 or court_convictions.is_prop_64_predecessor as is_about_cannabis,
        court_convictions.county_name,
        true as is_county_possible,
        court_convictions.case_defendant_key as step_key,
        lpad(court_convictions.count_label, 12, '0') as count_order
    from court_convictions
    left join charges on court_convictions.charge_text = charges.charge_text
    left join person_links on court_convictions.case_defendant_key = person_links.case_defendant_key
    left join impossible_dates on court_convictions.court_conviction_key = impossible_dates.source_conviction_key

),

final as (

    select * from doj
    union all
    select * from court

)

select * from final
