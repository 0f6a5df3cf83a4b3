with sole_defendants as (

    select * from {{ ref('int_court__sole_defendants') }}

),

counts as (

    select
        staged.* exclude (defendant_number),
        coalesce(staged.defendant_number, sole_defendants.defendant_number) as defendant_number
    from {{ ref('stg_la_court__counts') }} as staged
    left join sole_defendants on staged.case_number = sole_defendants.case_number
    where staged.case_number is not null

),

cases as (

    select * from {{ ref('int_court__cases') }}

),

sentences as (

    select * from {{ ref('int_court__sentences') }}

),

charges as (

    select * from {{ ref('int_charges__parsed') }}

),

context as (

    select * from {{ ref('int_relief__evaluation_context') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

-- Where one number is two cases', counts of one number that say different things are two counts, of whichever delivery.
labelled as (

    select
        counts.* exclude (count_number),
        counts.count_number as file_count_number,
        coalesce(cases.is_number_shared, false) as is_number_shared,
        case
            when coalesce(cases.is_number_shared, false) and counts.count_number is not null
                then counts.count_number || coalesce(
                    '#' || nullif(
                        dense_rank() over (
                            partition by
                                counts.case_number,
                                coalesce(counts.defendant_number, ''),
                                counts.count_number
                            order by counts.disposition_date, counts.convicted_statute, counts.disposition_type
                        ),
                        1
                    ),
                    ''
                )
            else counts.count_number
        end as count_number
    from counts
    left join cases
        on counts.case_number || '|' || coalesce(counts.defendant_number, '') = cases.case_defendant_key

),

ordered as (

    select
        counts.*,
        counts.case_number || '|' || coalesce(counts.defendant_number, '') as case_defendant_key,
        -- A count without a number is a count of its own.
        coalesce(counts.count_number, 'row ' || counts.delivery_id || ' ' || cast(counts.row_no as varchar))
            as count_label,
        row_number() over (
            partition by
                counts.case_number,
                coalesce(counts.defendant_number, ''),
                coalesce(counts.count_number, 'row ' || counts.delivery_id || ' ' || cast(counts.row_no as varchar))
            order by deliveries.as_of_date desc, deliveries.landed_at desc, counts.delivery_id desc, counts.row_no asc
        ) as row_of_count,
        dense_rank() over (
            partition by counts.case_number, coalesce(counts.defendant_number, '')
            order by deliveries.as_of_date desc, deliveries.landed_at desc, counts.delivery_id desc
        ) as case_delivery,
        dense_rank() over (
            partition by
                counts.case_number,
                coalesce(counts.defendant_number, ''),
                counts.disposition_date,
                counts.convicted_statute,
                counts.disposition_type
            order by deliveries.as_of_date desc, deliveries.landed_at desc, counts.delivery_id desc
        ) as content_delivery
    from labelled as counts
    left join deliveries on counts.delivery_id = deliveries.delivery_id

),

-- A count without a number cannot be told from its copy in an earlier delivery: the case's newest delivery speaks, or
-- where one number is two cases', the newest that says the same.
newest as (

    select * from ordered
    where count_number is not null or case_delivery = 1 or (is_number_shared and content_delivery = 1)

),

final as (

    select
        'court|' || newest.case_defendant_key || '|' || newest.count_label as court_conviction_key,
        newest.case_defendant_key,
        newest.delivery_id,
        newest.row_no,
        newest.case_number,
        newest.defendant_number,
        newest.count_number,
        newest.count_label,
        newest.file_count_number,
        cases.cii_number,
        newest.offense_date,
        newest.disposition_date as conviction_date,
        newest.level,
        newest.county_name,
        newest.county_name = context.county_name as is_in_county,
        -- The convicted offense, never the charged one: a person charged with sale may be convicted of possession.
        newest.convicted_statute as charge_text,
        charges.* exclude (charge_text),
        sentences.sentence_days
    from newest
    cross join context
    left join cases on newest.case_defendant_key = cases.case_defendant_key
    left join charges on newest.convicted_statute = charges.charge_text
    left join sentences
        on
            newest.case_defendant_key = sentences.case_defendant_key
            and newest.file_count_number = sentences.count_number
    where
        newest.row_of_count = 1
        and newest.disposition_type like 'convicted%'
        and not {{ is_juvenile_case_number('newest.case_number') }}

)

select * from final
