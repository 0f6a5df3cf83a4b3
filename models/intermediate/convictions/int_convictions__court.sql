with judgments as (

    select * from {{ ref('int_judgments__judgments') }}
    where source = 'la_court' and conviction_status <> 'ended'

),

counts as (

    select
        counts.*,
        judgments.source_conviction_key as court_conviction_key,
        judgments.conviction_status,
        judgments.level as level_now,
        judgments.is_sentence_end_unknown
    from judgments
    inner join {{ ref('int_court__counts') }} as counts
        on judgments.delivery_id = counts.delivery_id and judgments.row_no = counts.row_no

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

    select * from {{ ref('stg_landing__build_context') }}

),

final as (

    select
        counts.court_conviction_key,
        counts.case_defendant_key,
        counts.delivery_id,
        counts.row_no,
        counts.case_number,
        counts.defendant_number,
        counts.count_number,
        counts.count_label,
        counts.file_count_number,
        cases.cii_number,
        counts.offense_date,
        counts.disposition_date as conviction_date,
        counts.level_now as level,
        counts.conviction_status,
        counts.is_sentence_end_unknown,
        counts.county_name,
        counts.county_name = context.county_name as is_in_county,
        -- The convicted offense is used and never the charged offense: a person charged with sale may be convicted of
        -- possession.
        counts.convicted_statute as charge_text,
        charges.* exclude (charge_text),
        sentences.sentence_days
    from counts
    cross join context
    left join cases on counts.case_defendant_key = cases.case_defendant_key
    left join charges on counts.convicted_statute = charges.charge_text
    left join sentences
        on
            counts.case_defendant_key = sentences.case_defendant_key
            and counts.file_count_number = sentences.count_number

)

select * from final
