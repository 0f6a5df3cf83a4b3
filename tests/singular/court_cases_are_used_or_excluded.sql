-- Every row of the court's case files and every conviction of the court's file belongs to exactly one case of the
-- account.
with accounts as (

    select * from {{ ref('audit_court_cases') }}
    where is_account

),

delivered as (

    select count(*) as case_rows from {{ source('la_court', 'la_court_cases') }}

),

cases as (

    select case_defendant_key from {{ ref('int_court__cases') }}
    union
    select case_defendant_key from {{ ref('int_convictions__court') }}

),

accounts_of_cases as (

    select
        case_defendant_key,
        count(*) as accounts
    from accounts
    group by case_defendant_key

),

-- Cases of this county that have a conviction in the marts.
used as (

    select distinct court_convictions.case_defendant_key
    from {{ ref('fct_convictions') }} as convictions
    inner join {{ ref('int_convictions__court') }} as court_convictions
        on convictions.court_conviction_key = court_convictions.court_conviction_key
    where court_convictions.is_in_county

),

convicted as (

    select case_defendant_key from accounts
    where finding = 'court_case_convicted'

),

final as (

    select 'rows' as what
    from delivered
    where case_rows <> (select coalesce(sum(case_rows), 0) from accounts)
    union all
    select 'accounts of ' || cases.case_defendant_key as what
    from cases
    left join accounts_of_cases on cases.case_defendant_key = accounts_of_cases.case_defendant_key
    where coalesce(accounts_of_cases.accounts, 0) <> 1
    union all
    select 'two accounts of ' || case_defendant_key as what
    from accounts_of_cases
    where accounts > 1
    union all
    select 'use of ' || coalesce(used.case_defendant_key, convicted.case_defendant_key) as what
    from used
    full outer join convicted on used.case_defendant_key = convicted.case_defendant_key
    where used.case_defendant_key is null or convicted.case_defendant_key is null

)

select * from final
