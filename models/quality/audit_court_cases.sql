-- For every case: its use or the reason why no count includes it, and anything else that is odd about the case.
with court_cases as (

    select * from {{ ref('int_court__cases') }}

),

counts as (

    select
        counts.delivery_id,
        counts.row_no,
        counts.county_name,
        counts.case_number || '|' || coalesce(counts.defendant_number, sole_defendants.defendant_number, '')
            as case_defendant_key,
        {{ is_juvenile_case_number('counts.case_number') }} as is_juvenile,
        counts.disposition_type
    from {{ ref('stg_la_court__counts') }} as counts
    left join {{ ref('int_court__sole_defendants') }} as sole_defendants
        on counts.case_number = sole_defendants.case_number
    where counts.case_number is not null

),

counts_of_cases as (

    select
        case_defendant_key,
        min(delivery_id) as delivery_id,
        min(row_no) as row_no,
        min(county_name) as county_name,
        bool_or(is_juvenile) as is_juvenile,
        bool_or(disposition_type is not null) as has_disposition
    from counts
    group by case_defendant_key

),

convicted_cases as (

    select distinct case_defendant_key from {{ ref('int_convictions__court') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

cases_and_counts as (

    select
        coalesce(court_cases.case_defendant_key, counts_of_cases.case_defendant_key) as case_defendant_key,
        coalesce(court_cases.delivery_id, counts_of_cases.delivery_id) as delivery_id,
        coalesce(court_cases.row_no, counts_of_cases.row_no) as row_no,
        coalesce(court_cases.county_name, counts_of_cases.county_name) as county_name,
        coalesce(court_cases.case_rows, 0) as case_rows,
        false as is_without_number,
        court_cases.case_defendant_key is null as is_without_case,
        counts_of_cases.case_defendant_key is null as is_without_counts,
        not coalesce(counts_of_cases.has_disposition, true) as is_without_disposition,
        coalesce(court_cases.is_juvenile, counts_of_cases.is_juvenile) as is_juvenile,
        coalesce(court_cases.is_number_shared, false) as is_number_shared
    from court_cases
    full outer join counts_of_cases on court_cases.case_defendant_key = counts_of_cases.case_defendant_key
    union all
    -- It is unknown which rows without a case number belong to the same case, so each row is treated as a case of its
    -- own.
    select
        'row ' || delivery_id || ' ' || cast(row_no as varchar) as case_defendant_key,
        delivery_id,
        row_no,
        county_name,
        1 as case_rows,
        true as is_without_number,
        false as is_without_case,
        true as is_without_counts,
        false as is_without_disposition,
        false as is_juvenile,
        false as is_number_shared
    from {{ ref('stg_la_court__cases') }}
    where case_number is null

),

-- The account of a case (its use, or the reason why no count includes it) is the first one whose condition applies.
joined as (

    select
        cases_and_counts.*,
        case
            when cases_and_counts.is_without_number then 'court_case_without_number'
            when cases_and_counts.county_name <> context.county_name then 'court_case_of_another_county'
            when cases_and_counts.is_juvenile then 'court_case_juvenile'
            when cases_and_counts.is_without_counts then 'court_case_without_counts'
            when convicted_cases.case_defendant_key is not null then 'court_case_convicted'
            when cases_and_counts.is_without_disposition then 'court_case_without_disposition'
            else 'court_case_without_conviction'
        end as account
    from cases_and_counts
    cross join context
    left join convicted_cases on cases_and_counts.case_defendant_key = convicted_cases.case_defendant_key

),

{% set others = {
    'court_case_juvenile': 'is_juvenile',
    'court_case_without_counts': 'is_without_counts',
    'court_case_without_disposition': 'is_without_disposition',
    'court_case_number_shared': 'is_number_shared',
    'court_counts_without_case': 'is_without_case',
} %}

final as (

    select
        case_defendant_key,
        delivery_id,
        row_no,
        county_name,
        account as finding,
        true as is_account,
        cast(case_rows as bigint) as case_rows
    from joined
    {% for finding, condition in others.items() %}
    union all
    select
        case_defendant_key,
        delivery_id,
        row_no,
        county_name,
        '{{ finding }}' as finding,
        false as is_account,
        cast(case_rows as bigint) as case_rows
    from joined
    where {{ condition }} and account not in ('{{ finding }}', 'court_case_without_number')
    {% endfor %}

)

select * from final
