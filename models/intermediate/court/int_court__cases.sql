with sole_defendants as (

    select * from {{ ref('int_court__sole_defendants') }}

),

cases as (

    select
        staged.* exclude (defendant_number),
        coalesce(staged.defendant_number, sole_defendants.defendant_number) as defendant_number
    from {{ ref('stg_la_court__cases') }} as staged
    left join sole_defendants on staged.case_number = sole_defendants.case_number
    where staged.case_number is not null

),

-- Case numbers that one delivery gives to two cases. Nothing shows which case such a number belongs to, so it
-- identifies nobody.
shared_in_a_delivery as (

    select
        case_number,
        coalesce(defendant_number, '') as defendant_label
    from cases
    group by delivery_id, case_number, coalesce(defendant_number, '')
    having
        count(distinct coalesce(defendant_name, '') || '|' || coalesce(birth_date_raw, '')) > 1
        or count(distinct filing_date) > 1

),

people_of_numbers as (

    select distinct
        case_number,
        coalesce(defendant_number, '') as defendant_label,
        {{ comparable_name('defendant_name') }} as comparable_name,
        birth_date
    from cases

),

-- Case numbers that two deliveries give to two people. A delivery that changes only the name or only the birth date
-- corrects the same person. A name that only extends the other name counts as the same name.
shared_between_deliveries as (

    select
        one.case_number,
        one.defendant_label
    from people_of_numbers as one
    inner join people_of_numbers as other
        on one.case_number = other.case_number and one.defendant_label = other.defendant_label
    where
        one.birth_date < other.birth_date
        and not starts_with(one.comparable_name, other.comparable_name)
        and not starts_with(other.comparable_name, one.comparable_name)

),

shared_numbers as (

    select * from shared_in_a_delivery
    union
    select * from shared_between_deliveries

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

ordered as (

    select
        cases.*,
        cases.case_number || '|' || coalesce(cases.defendant_number, '') as case_defendant_key,
        shared_numbers.case_number is not null as is_number_shared,
        -- The newest delivery comes first, then file order.
        row_number() over (
            partition by cases.case_number, coalesce(cases.defendant_number, '')
            order by deliveries.as_of_date desc, deliveries.landed_at desc, cases.delivery_id desc, cases.row_no asc
        ) as row_of_case,
        count(*) over (partition by cases.case_number, coalesce(cases.defendant_number, '')) as case_rows
    from cases
    left join deliveries on cases.delivery_id = deliveries.delivery_id
    left join shared_numbers
        on
            cases.case_number = shared_numbers.case_number
            and coalesce(cases.defendant_number, '') = shared_numbers.defendant_label

),

cii_numbers as (

    select
        case_defendant_key,
        max(cii_number) as cii_number
    from ordered
    group by case_defendant_key
    -- A defendant with two CII numbers gets neither of them.
    having count(distinct cii_number) = 1

),

final as (

    select
        ordered.case_defendant_key,
        ordered.case_number,
        ordered.defendant_number,
        ordered.county_name,
        ordered.delivery_id,
        ordered.row_no,
        {{ is_juvenile_case_number('ordered.case_number') }} as is_juvenile,
        ordered.courthouse_name,
        case when not ordered.is_number_shared then ordered.filing_date end as filing_date,
        ordered.prosecuting_agency_name,
        case when not ordered.is_number_shared then ordered.defendant_name end as defendant_name,
        case when not ordered.is_number_shared then ordered.alias_names end as alias_names,
        case when not ordered.is_number_shared then ordered.birth_date end as birth_date,
        case when not ordered.is_number_shared then ordered.birth_date_raw end as birth_date_raw,
        case when not ordered.is_number_shared then ordered.sex_code end as sex_code,
        case when not ordered.is_number_shared then ordered.race_name end as race_name,
        case when not ordered.is_number_shared then cii_numbers.cii_number end as cii_number,
        ordered.is_number_shared,
        ordered.case_rows
    from ordered
    left join cii_numbers on ordered.case_defendant_key = cii_numbers.case_defendant_key
    where ordered.row_of_case = 1

)

select * from final
