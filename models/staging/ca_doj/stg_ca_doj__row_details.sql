-- This model is a view, because only the detailed history of a person uses it and a build should not spend time on it.
with source as (

    select * from {{ source('ca_doj', 'ca_doj') }}

),

final as (

    select
        delivery_id,
        row_no,
        {{ parse_certain_date('cyc_date') }} as cycle_date,
        {{ content(plain_number('stp_type_code')) }} as step_type_code,
        {{ content(plain_number('stp_ori_code')) }} as agency_code,
        {{ parse_certain_date('disp_date') }} as disposition_date,
        {{ content(plain_number('disp_code')) }} as disposition_code,
        {{ content('disp_descr') }} as disposition_text,
        {{ content(plain_number('sent_order')) }} as sentence_order,
        {{ content(plain_number('sent_loc_code')) }} as sentence_place_code,
        {{ content('sent_loc_descr') }} as sentence_place_name,
        coalesce({{ plain_number('sent_length') }}, sent_length) as sentence_length_raw,
        sent_time_code as sentence_unit_raw,
        {{ has_content('sent_order') }} or {{ has_content('sent_loc_code') }} or {{ has_content('sent_loc_descr') }}
        or {{ has_content('sent_length') }} or {{ has_content('sent_time_code') }} as has_sentence_part
    from source

)

select * from final
