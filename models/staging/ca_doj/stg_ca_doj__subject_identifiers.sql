with source as (

    select * from {{ source('ca_doj', 'ca_doj') }}

),

final as (

    select
        delivery_id,
        row_no,
        {{ plain_number('subject_id') }} as subject_id,
        {{ content('pri_name') }} as pri_name,
        {{ content('req_name') }} as req_name,
        coalesce(
            replace(cast({{ parse_certain_date('pri_dob') }} as varchar), '-', ''),
            {{ content(plain_number('pri_dob')) }}
        ) as pri_dob,
        coalesce(
            replace(cast({{ parse_certain_date('req_dob') }} as varchar), '-', ''),
            {{ content(plain_number('req_dob')) }}
        ) as req_dob,
        {{ content(plain_number('cii_number')) }} as cii_number,
        {{ content(plain_number('req_cii_number')) }} as req_cii_number,
        {{ content(plain_number('fbi_number')) }} as fbi_number,
        {{ content(plain_number('pri_ssn')) }} as pri_ssn,
        {{ content(plain_number('req_ssn')) }} as req_ssn,
        {{ content(plain_number('pri_cdl')) }} as pri_cdl,
        {{ content(plain_number('req_cdl')) }} as req_cdl,
        {{ content(plain_number('pri_idn')) }} as pri_idn,
        {{ content(plain_number('pri_inn')) }} as pri_inn
    from source

)

select * from final
