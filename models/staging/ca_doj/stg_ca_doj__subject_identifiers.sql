with source as (

    select * from {{ source('ca_doj', 'ca_doj') }}

),

final as (

    select
        delivery_id,
        row_no,
        trim(subject_id) as subject_id,
        {{ content('pri_name') }} as pri_name,
        {{ content('req_name') }} as req_name,
        {{ content('pri_dob') }} as pri_dob,
        {{ content('req_dob') }} as req_dob,
        {{ content('cii_number') }} as cii_number,
        {{ content('req_cii_number') }} as req_cii_number,
        {{ content('fbi_number') }} as fbi_number,
        {{ content('pri_ssn') }} as pri_ssn,
        {{ content('req_ssn') }} as req_ssn,
        {{ content('pri_cdl') }} as pri_cdl,
        {{ content('req_cdl') }} as req_cdl,
        {{ content('pri_idn') }} as pri_idn,
        {{ content('pri_inn') }} as pri_inn
    from source

)

select * from final
