-- This view uses no grouping sets, so that a query for one policy reads only that policy.
with filings as (

    select * from {{ ref('fct_relief_filings') }}

),

cases as (

    select
        conviction_key,
        case_key
    from {{ ref('fct_convictions') }}

),

-- Each filing is counted three times: in its line, in its status and in the total.
told as (

    select
        filings.policy_id,
        filings.policy_version,
        totals.line_type,
        case when totals.line_type = 'line' then filings.courthouse_key else 'all' end as courthouse_key,
        case when totals.line_type = 'line' then filings.prosecuting_agency_name else 'all' end
            as prosecuting_agency_name,
        case when totals.line_type <> 'all' then filings.filing_list else 'all' end as filing_list,
        case when totals.line_type <> 'all' then filings.filing_status else 'all' end as filing_status,
        filings.person_key,
        filings.priority,
        filings.evaluated_as_of_date,
        filings.extract_as_of_date,
        filings.is_synthetic,
        cases.case_key
    from filings
    inner join cases on filings.conviction_key = cases.conviction_key
    cross join (values ('line'), ('status'), ('all')) as totals (line_type)

),

final as (

    select
        policy_id,
        policy_version,
        line_type,
        courthouse_key,
        prosecuting_agency_name,
        filing_list,
        filing_status,
        count(*) as convictions,
        -- Two lines may count the same cases and people, so their numbers must not be added.
        count(distinct case_key) as cases,
        count(distinct person_key) as people,
        count(*) filter (where priority = 1) as convictions_first,
        max(evaluated_as_of_date) as evaluated_as_of_date,
        max(extract_as_of_date) as extract_as_of_date,
        bool_or(is_synthetic) as is_synthetic
    from told
    group by
        policy_id, policy_version, line_type, courthouse_key, prosecuting_agency_name, filing_list, filing_status

)

select * from final
