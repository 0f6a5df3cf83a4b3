with source as (

    select
        *,
        -- A count order that is not a number is kept as written. Each such row is a separate count, and an audit lists
        -- it.
        coalesce({{ plain_number('cnt_order') }}, trim(cnt_order)) as count_order_text,
        coalesce({{ plain_number('sent_length') }}, trim(sent_length)) as sentence_length_text,
        coalesce(
            trim(split_part(offense_descr, '-', 1)) = ''
            or upper(trim(offense_descr)) in ('SEE COMMENT FOR CHARGE', 'NULL'), false
        ) as is_comment_the_charge,
        -- The group of columns that names the convicted offense.
        case
            when {{ has_content('conv_offense_descr') }} then 'CONV_OFFENSE'
            when {{ has_content('disp_offense_descr') }} then 'DISP_OFFENSE'
        end as convicted_offense_source
    from {{ source('ca_doj', 'ca_doj') }}

),

with_convicted_offense as (

    select
        *,
        case convicted_offense_source
            when 'CONV_OFFENSE' then conv_offense_descr
            when 'DISP_OFFENSE' then disp_offense_descr
        end as convicted_offense_description
    from source

),

final as (

    select
        delivery_id,
        row_no,

        -- subject
        {{ plain_number('subject_id') }} as subject_id,
        {{ cii_number('cii_number') }} as cii_number,
        {{ clean_text('pri_name') }} as subject_name,
        {{ clean_text('gender') }} as sex_code,
        {{ clean_text('race_descr') }} as race_name,
        {{ parse_certain_date('pri_dob') }} as birth_date,

        -- step (the DOJ's word for an event)
        upper(trim(stp_type_descr)) as step_type,
        stp_type_descr as step_type_raw,
        {{ parse_certain_date('stp_event_date') }} as event_date,
        {{ county_of(clean_text("replace(stp_ori_cnty_name, chr(9), ' ')")) }} as county_name,
        stp_ori_cnty_name as county_name_raw,
        {{ clean_text('stp_ori_descr') }} as agency_name,

        -- count
        count_order_text as count_order,
        regexp_matches(count_order_text, '^[0-9]{12}$') as is_count_order_valid,
        offense_descr as offense_description_raw,
        case when is_comment_the_charge then comment_text else offense_descr end as charge_text,
        is_comment_the_charge and coalesce({{ has_content('comment_text') }}, false) as is_charge_in_comment,
        comment_text,
        {{ clean_text('offense_toc') }} as offense_level_code,
        offense_toc as offense_level_code_raw,
        {{ content(plain_number('offense_code')) }} as offense_code,
        {{ content('offense_qual_lst') }} as qualifier_list,

        -- convicted offense, where the file names one
        convicted_offense_source,
        case
            when upper(trim(convicted_offense_description)) <> 'SEE COMMENT FOR CHARGE'
                then convicted_offense_description
            when convicted_offense_source is not null and {{ has_content('comment_text') }} then comment_text
        end as convicted_charge_text,
        {{ of_convicted_offense('code') }} as convicted_offense_code,
        {{ of_convicted_offense('toc') }} as convicted_offense_level_code,
        {{ of_convicted_offense('qual_lst') }} as convicted_qualifier_list,
        ofn as ofn_raw,
        {{ clean_text(plain_number('ofn')) }} as ofn,

        -- disposition and sentence part The published rules use has_convicted_disposition; every other policy uses the
        -- meaning of the text in int_dispositions__read.
        upper(trim(disp_descr)) like 'CONVICTED%' as has_convicted_disposition,
        upper({{ content('disp_descr') }}) as disposition_text,
        {{ parse_certain_date('disp_date') }} as disposition_date,
        conv_stat_descr as conviction_level_raw,
        case
            when regexp_matches(sentence_length_text, '^[+-]?[0-9]+$') then cast(sentence_length_text as double)
            else 0
        end as sentence_length,
        trim(sent_time_code) as sentence_unit_code,
        coalesce(sentence_length_text, '') in ('', '0')
        or (regexp_matches(sentence_length_text, '^[0-9]+$') and upper(trim(sent_time_code)) in ('D', 'M', 'Y'))
            as is_sentence_readable
    from with_convicted_offense

)

select * from final
