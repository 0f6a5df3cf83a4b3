-- A conviction found only in the court's file is evaluated with the court's data, by policies that need no history.
with court_only as (

    select
        unified.conviction_key,
        unified.person_key,
        court.* exclude (conviction_date),
        -- The date of the conviction is NULL where it cannot be true.
        unified.conviction_date
    from {{ ref('int_identity__convictions') }} as unified
    inner join {{ ref('int_convictions__court') }} as court
        on unified.court_conviction_key = court.court_conviction_key
    where unified.source = 'la_court'

),

convictions as (

    select
        conviction_key,
        doj_conviction_key as identified_key,
        reading,
        history_key,
        subject_key,
        'ca_doj' as source,
        delivery_id,
        row_no,
        subject_id,
        cnt_order,
        case_number,
        conviction_date,
        level,
        is_in_county,
        charge_text,
        is_prop_64,
        is_prop_64_predecessor,
        is_prop_64_before_hyphen,
        section,
        names_11357,
        names_11358,
        names_11359,
        names_11360,
        is_attempt,
        is_conspiracy,
        is_two_sections,
        names_another_section,
        is_not_understood,
        starts_11357_a_or_b,
        first_five_characters,
        is_disposition_unknown
    from {{ ref('int_policies__history_convictions') }}
    where is_count_order_valid
    union all
    select
        court_only.conviction_key,
        court_only.conviction_key as identified_key,
        'ours' as reading,
        court_only.person_key as history_key,
        court_only.person_key as subject_key,
        'la_court' as source,
        court_only.delivery_id,
        court_only.row_no,
        '' as subject_id,
        '' as cnt_order,
        court_only.case_number,
        court_only.conviction_date,
        court_only.level,
        court_only.is_in_county,
        court_only.charge_text,
        charges.is_prop_64,
        charges.is_prop_64_predecessor,
        charges.is_prop_64_before_hyphen,
        charges.section,
        charges.names_11357,
        charges.names_11358,
        charges.names_11359,
        charges.names_11360,
        charges.is_attempt,
        charges.is_conspiracy,
        charges.is_two_sections,
        charges.names_another_section,
        charges.is_not_understood,
        charges.starts_11357_a_or_b,
        charges.first_five_characters,
        court_only.conviction_status = 'unclear' as is_disposition_unknown
    from court_only
    inner join {{ ref('int_charges__parsed') }} as charges on court_only.charge_text = charges.charge_text

),

of_the_statute as (

    select
        conviction_key,
        -- The join uses this column, because a comparison with a constant in the join condition would compare every row
        -- with every other row.
        'ours' as reading
    from {{ ref('int_statute__convictions') }}

),

-- People whose file the published rules interpret differently. These rules evaluate such people by a separate history.
published_subjects as (

    select subject_key from {{ ref('int_published_rules__subjects') }}

),

related_charges as (

    select charge_text from {{ ref('int_charges__list_matches') }}
    where list_id = 'cmr_2019_related'

),

final as (

    select
        convictions.*,
        not convictions.is_prop_64
        and not convictions.is_prop_64_predecessor
        and related_charges.charge_text is not null as is_related,
        -- For an attempt, a conspiracy or two sections, the section is unknown.
        convictions.is_attempt or convictions.is_conspiracy or convictions.is_two_sections as is_section_unknown,
        -- A charge with two sections is certainly a cannabis charge if both are cannabis sections.
        (convictions.is_prop_64 or convictions.is_prop_64_predecessor)
        and not convictions.is_attempt
        and not convictions.is_conspiracy
        and not convictions.names_another_section
        and not coalesce(convictions.is_not_understood, false) as is_surely_cannabis,
        -- True where the convicted offense is one that H&S 11361.8 may cover, or one that a case excludes.
        of_the_statute.conviction_key is not null as is_of_the_statute,
        published_subjects.subject_key is not null as is_read_as_published
    from convictions
    left join published_subjects on convictions.subject_key = published_subjects.subject_key
    left join related_charges on convictions.charge_text = related_charges.charge_text
    left join of_the_statute
        on convictions.conviction_key = of_the_statute.conviction_key and convictions.reading = of_the_statute.reading
    where
        (
            convictions.is_prop_64
            or convictions.is_prop_64_predecessor
            or related_charges.charge_text is not null
            or of_the_statute.conviction_key is not null
        )
        and coalesce(convictions.is_in_county, true)

)

select * from final
