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

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

ordered as (

    select
        cases.*,
        cases.case_number || '|' || coalesce(cases.defendant_number, '') as case_defendant_key,
        -- The newest delivery speaks first, then file order.
        row_number() over (
            partition by cases.case_number, coalesce(cases.defendant_number, '')
            order by deliveries.as_of_date desc, deliveries.landed_at desc, cases.delivery_id desc, cases.row_no asc
        ) as row_of_case
    from cases
    left join deliveries on cases.delivery_id = deliveries.delivery_id

),

cii_numbers as (

    select
        case_defendant_key,
        max(cii_number) as cii_number
    from ordered
    group by case_defendant_key
    -- Two CII numbers for one defendant tell nothing.
    having count(distinct cii_number) = 1

),

final as (

    select
        ordered.case_defendant_key,
        ordered.case_number,
        ordered.defendant_number,
        ordered.delivery_id,
        ordered.row_no,
        {{ is_juvenile_case_number('ordered.case_number') }} as is_juvenile,
        ordered.courthouse_name,
        ordered.filing_date,
        ordered.prosecuting_agency_name,
        ordered.defendant_name,
        ordered.alias_names,
        ordered.birth_date,
        ordered.birth_date_raw,
        ordered.sex_code,
        ordered.race_name,
        cii_numbers.cii_number
    from ordered
    left join cii_numbers on ordered.case_defendant_key = cii_numbers.case_defendant_key
    where ordered.row_of_case = 1

)

select * from final
