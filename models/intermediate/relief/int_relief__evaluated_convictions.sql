with convictions as (

    select * from {{ ref('int_criminal_history__convictions') }}

),

final as (

    select
        doj_conviction_key as conviction_key,
        'ca_doj' as source,
        subject_key,
        delivery_id,
        row_no,
        subject_id,
        cnt_order,
        case_number,
        conviction_date,
        level,
        is_in_county,
        is_prop_64,
        is_prop_64_predecessor,
        section,
        is_attempt,
        is_attempt_lost,
        is_conspiracy,
        is_two_sections,
        names_11357,
        names_11358,
        names_11359,
        names_11360,
        leftmost_section,
        starts_11357_a_or_b,
        first_five_characters,
        -- An attempt, a conspiracy or two sections: which section it is cannot be told.
        is_attempt or is_conspiracy or is_two_sections as is_section_unknown
    from convictions
    where (is_prop_64 or is_prop_64_predecessor) and coalesce(is_in_county, true)

)

select * from final
