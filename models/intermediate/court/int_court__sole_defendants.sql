-- Where a case has only one known defendant number, rows without a defendant number belong to that defendant. Otherwise
-- a delivery with the number and one without it would make two defendants. Cases for which one delivery lists several
-- defendants are left out.
with cases as (

    select * from {{ ref('stg_la_court__cases') }}

),

counts as (

    select * from {{ ref('stg_la_court__counts') }}

),

rows_of_cases as (

    select
        case_number,
        defendant_number
    from cases
    union all
    select
        case_number,
        defendant_number
    from counts

),

several_defendants as (

    select case_number
    from cases
    group by delivery_id, case_number
    having count(distinct coalesce(defendant_number, '')) > 1

),

sole_numbers as (

    select
        case_number,
        max(defendant_number) as defendant_number
    from rows_of_cases
    where case_number is not null
    group by case_number
    having count(distinct defendant_number) = 1

),

final as (

    select
        sole_numbers.case_number,
        sole_numbers.defendant_number
    from sole_numbers
    left join several_defendants on sole_numbers.case_number = several_defendants.case_number
    where several_defendants.case_number is null

)

select * from final
