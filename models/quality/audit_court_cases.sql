-- Cases that are kept and tell less than they should, or tell of another county.
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
        bool_or(disposition_type is not null) as has_disposition
    from counts
    group by case_defendant_key

),

context as (

    select * from {{ ref('int_relief__evaluation_context') }}

),

joined as (

    select
        coalesce(court_cases.case_defendant_key, counts_of_cases.case_defendant_key) as case_defendant_key,
        coalesce(court_cases.delivery_id, counts_of_cases.delivery_id) as delivery_id,
        coalesce(court_cases.row_no, counts_of_cases.row_no) as row_no,
        coalesce(court_cases.county_name, counts_of_cases.county_name) as county_name,
        court_cases.case_defendant_key is null as is_without_case,
        counts_of_cases.case_defendant_key is null as is_without_counts,
        not coalesce(counts_of_cases.has_disposition, true) as is_without_disposition,
        coalesce(court_cases.is_juvenile, false) as is_juvenile,
        coalesce(court_cases.is_number_shared, false) as is_number_shared
    from court_cases
    full outer join counts_of_cases on court_cases.case_defendant_key = counts_of_cases.case_defendant_key

),

{% set findings = {
    'court_case_of_another_county': 'joined.county_name <> context.county_name',
    'court_case_juvenile': 'joined.is_juvenile',
    'court_case_without_counts': 'joined.is_without_counts',
    'court_case_without_disposition': 'joined.is_without_disposition',
    'court_case_number_shared': 'joined.is_number_shared',
    'court_counts_without_case': 'joined.is_without_case',
} %}

final as (

    {% for finding, condition in findings.items() %}
    select
        joined.case_defendant_key,
        joined.delivery_id,
        joined.row_no,
        joined.county_name,
        '{{ finding }}' as finding
    from joined
    cross join context
    where {{ condition }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
