-- Convictions that H&S 11361.8 may cover, with the possible meanings of their offense and its day.
with convictions as (

    select * from {{ ref('int_identity__convictions') }}
    where coalesce(is_in_county, true) and is_counted

),

classified as (

    select * from {{ ref('int_offenses__classified') }}

),

outside as (

    select charge_text
    from {{ ref('int_charges__list_matches') }}
    where list_id = 'statutory_outside'

),

-- The section for accessories (PC 32) does not show which offense was committed; the charge shows it.
accessories as (

    select charge_text
    from {{ ref('int_charges__parsed') }}
    where cites_accessory

),

cannabis_charges as (

    select charge_text
    from {{ ref('int_charges__parsed') }}
    where is_prop_64 or is_prop_64_predecessor

),

eras as (

    select * from {{ ref('int_offenses__eras') }}

),

court_cases as (

    select
        court_convictions.court_conviction_key,
        cases.filing_date
    from {{ ref('int_convictions__court') }} as court_convictions
    inner join {{ ref('int_court__cases') }} as cases
        on court_convictions.case_defendant_key = cases.case_defendant_key

),

-- The level on the day of the conviction, before any later reduction (PC 17(b)).
judgments as (

    select
        source_conviction_key,
        level_at_conviction
    from {{ ref('int_judgments__judgments') }}

),

asked as (

    select
        convictions.conviction_key,
        convictions.person_key,
        convictions.doj_conviction_key,
        convictions.court_conviction_key,
        convictions.conviction_date,
        convictions.level,
        coalesce(
            doj_judgments.level_at_conviction, court_judgments.level_at_conviction, convictions.level
        ) as level_at_conviction,
        classified.section,
        classified.subdivision,
        classified.statute_id,
        classified.reason,
        classified.is_attempt,
        classified.is_conspiracy,
        classified.is_solicitation,
        classified.is_accessory or cannabis_charges.charge_text is not null as is_accessory,
        case
            when classified.reason is null then classified.statute_id
            -- Where the section is unknown, or the text and its code differ, there is no list of possible meanings.
            when classified.reason in ('meaning_date_unknown', 'meaning_no_subdivision')
                then classified.possible_meanings
        end as possible_meanings,
        outside.charge_text is not null as is_possession_in_prison,
        coalesce(classified.offense_date, classified.era_from) as first_day,
        coalesce(classified.offense_date, eras.era_to) as last_day,
        case when not convictions.is_link_weak then court_cases.filing_date end as filing_date
    from convictions
    inner join classified on convictions.conviction_key = classified.conviction_key
    left join outside on classified.offense_text = outside.charge_text
    left join accessories on classified.offense_text = accessories.charge_text
    left join cannabis_charges
        on classified.charged_text = cannabis_charges.charge_text and accessories.charge_text is not null
    left join eras on classified.era_from = eras.era_from
    left join court_cases on convictions.court_conviction_key = court_cases.court_conviction_key
    left join judgments as doj_judgments on convictions.doj_conviction_key = doj_judgments.source_conviction_key
    left join judgments as court_judgments on convictions.court_conviction_key = court_judgments.source_conviction_key
    where
        classified.is_cannabis_relief_section
        or (
            classified.is_cannabis_relief_section is null
            and classified.reason not in ('charge_blank', 'charge_without_section')
        )
        or classified.section = '11361'
        or outside.charge_text is not null
        or cannabis_charges.charge_text is not null

),

-- If the day of the offense is after the day of the conviction, the day of the offense must be wrong.
dated as (

    select
        * exclude (first_day, last_day),
        coalesce(first_day > conviction_date, false) as is_date_impossible,
        case when not coalesce(first_day > conviction_date, false) then first_day end as offense_first_day,
        case
            when coalesce(first_day > conviction_date, false) then conviction_date
            else least(last_day, conviction_date)
        end as offense_last_day
    from asked

),

final as (

    select
        * replace (
            -- If a case was filed before the offense or after the conviction, its filing date must be wrong.
            case
                when filing_date between coalesce(offense_first_day, filing_date) and conviction_date then filing_date
            end as filing_date
        ),
        case when is_date_impossible then null else possible_meanings end as meanings_left
    from dated

)

select * from final
