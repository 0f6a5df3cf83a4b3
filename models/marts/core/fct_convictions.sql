with convictions as (

    select * from {{ ref('int_identity__convictions') }}
    where is_counted

),

relief as (

    select * from {{ ref('int_orders__relief') }}

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

court_cases as (

    select * from {{ ref('int_court__cases') }}

),

final as (

    select
        convictions.conviction_key,
        convictions.person_key,
        convictions.source,
        convictions.doj_conviction_key,
        convictions.court_conviction_key,
        convictions.case_key,
        convictions.county_name,
        convictions.is_in_county,
        -- A courthouse that is not in the seed is reported as `other`.
        case when court_cases.courthouse_name is not null then coalesce(courthouses.courthouse_key, 'other') end
            as courthouse_key,
        convictions.conviction_date,
        cast(date_part('year', convictions.conviction_date) as integer) as conviction_year,
        convictions.level,
        convictions.conviction_status,
        convictions.code_type,
        convictions.section,
        convictions.subdivision,
        convictions.offense,
        convictions.is_prop_64,
        convictions.is_prop_64_predecessor,
        convictions.is_county_cannabis,
        relief.is_in_review,
        convictions.sentence_days,
        convictions.link_basis,
        cast(relief.wave_number as integer) as wave_number,
        relief.relief_order_date,
        relief.relief_type,
        relief.is_dismissed_by_order,
        relief.is_redesignated_by_order,
        relief.is_court_record_updated,
        relief.is_doj_updated
    from convictions
    inner join relief on convictions.conviction_key = relief.conviction_key
    left join court_convictions on convictions.court_conviction_key = court_convictions.court_conviction_key
    left join court_cases on court_convictions.case_defendant_key = court_cases.case_defendant_key
    left join {{ ref('dim_courthouses') }} as courthouses
        on {{ comparable_courthouse('court_cases.courthouse_name') }} = courthouses.comparable_name

)

select * from final
