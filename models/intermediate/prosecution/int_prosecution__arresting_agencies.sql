-- The kind of agency that made the arrest in a conviction's cycle, by the agency code in the arrest step of the DOJ's
-- file.
with arrest_rows as (

    select
        delivery_id,
        row_no,
        subject_key,
        substr(count_order, 1, 3) as cycle_order
    from {{ ref('int_criminal_history__rows') }}
    where step_type like 'ARREST%' and is_count_order_valid

),

details as (

    select
        delivery_id,
        row_no,
        upper(regexp_replace(agency_code, '^CA0?', '')) as ori_code
    from {{ ref('stg_ca_doj__row_details') }}

),

agencies as (

    select
        ori_code,
        agency_type
    from {{ ref('la_arresting_agencies') }}

),

arrests as (

    select
        arrest_rows.subject_key,
        arrest_rows.cycle_order,
        min(coalesce(agencies.agency_type, 'not listed')) as first_agency_type,
        max(coalesce(agencies.agency_type, 'not listed')) as last_agency_type
    from arrest_rows
    inner join details on arrest_rows.delivery_id = details.delivery_id and arrest_rows.row_no = details.row_no
    left join agencies on details.ori_code = agencies.ori_code
    where details.ori_code is not null
    group by arrest_rows.subject_key, arrest_rows.cycle_order

),

convictions as (

    select
        doj_conviction_key,
        subject_key,
        substr(cycle_step, 1, 3) as cycle_order
    from {{ ref('int_convictions__criminal_history') }}

),

final as (

    select
        convictions.doj_conviction_key,
        case
            when arrests.first_agency_type is null then 'unknown'
            when arrests.first_agency_type <> arrests.last_agency_type then 'several'
            else arrests.first_agency_type
        end as arresting_agency_type
    from convictions
    left join arrests on convictions.subject_key = arrests.subject_key and convictions.cycle_order = arrests.cycle_order

)

select * from final
