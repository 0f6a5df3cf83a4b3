-- The offense of each conviction and its day, in the form that int_offenses__meanings needs.
with convictions as (

    select
        conviction_key,
        doj_conviction_key,
        court_conviction_key,
        is_link_weak
    from {{ ref('int_identity__convictions') }}

),

doj_convictions as (

    select * from {{ ref('int_convictions__criminal_history') }}

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

court_counts as (

    select * from {{ ref('stg_la_court__counts') }}

),

eras as (

    select * from {{ ref('int_offenses__eras') }}

),

sections as (

    select * from {{ ref('int_criminal_history__offense_sections') }}

),

arrests as (

    select
        subject_key,
        substr(count_order, 1, 3) as cycle_order,
        min(event_date) as first_arrest_date,
        max(event_date) as last_arrest_date,
        bool_or(event_date is null) as has_undated_arrest
    from {{ ref('int_criminal_history__rows') }}
    where step_type like 'ARREST%' and is_count_order_valid
    group by subject_key, substr(count_order, 1, 3)

),

joined as (

    select
        convictions.conviction_key,
        case
            when doj_convictions.convicted_charge_text is not null then 'doj_convicted'
            when court_convictions.charge_text is not null and not convictions.is_link_weak then 'court_convicted'
            else 'charged'
        end as offense_read,
        doj_convictions.charge_text as doj_charge_text,
        doj_convictions.convicted_charge_text,
        court_convictions.charge_text as court_charge_text,
        court_counts.charged_statute,
        doj_convictions.offense_code,
        doj_convictions.convicted_offense_code,
        doj_convictions.qualifier_list,
        doj_convictions.convicted_qualifier_list,
        case when not convictions.is_link_weak then court_convictions.offense_date end as court_offense_date,
        arrests.first_arrest_date,
        arrests.last_arrest_date,
        arrests.has_undated_arrest
    from convictions
    left join doj_convictions on convictions.doj_conviction_key = doj_convictions.doj_conviction_key
    left join court_convictions on convictions.court_conviction_key = court_convictions.court_conviction_key
    left join court_counts
        on court_convictions.delivery_id = court_counts.delivery_id and court_convictions.row_no = court_counts.row_no
    -- A count without a valid CNT_ORDER has no cycle_step, and therefore no arrest date.
    left join arrests
        on
            doj_convictions.subject_key = arrests.subject_key
            and substr(doj_convictions.cycle_step, 1, 3) = arrests.cycle_order

),

offenses as (

    select
        conviction_key,
        offense_read,
        case offense_read
            when 'doj_convicted' then convicted_charge_text
            when 'court_convicted' then court_charge_text
            else doj_charge_text
        end as offense_text,
        coalesce(doj_charge_text, charged_statute) as charged_text,
        -- If the court names the convicted offense, the code of the charged offense does not apply.
        case offense_read
            when 'doj_convicted' then convicted_offense_code
            when 'charged' then offense_code
        end as offense_code,
        case offense_read when 'doj_convicted' then convicted_qualifier_list else qualifier_list end as qualifier_list,
        case
            when court_offense_date is not null then 'offense_date'
            when first_arrest_date is null or has_undated_arrest then 'unknown'
            when first_arrest_date = last_arrest_date then 'arrest_date'
            else 'arrest_dates'
        end as offense_date_source,
        coalesce(court_offense_date, case when not has_undated_arrest then first_arrest_date end) as first_date,
        coalesce(court_offense_date, case when not has_undated_arrest then last_arrest_date end) as last_date
    from joined

),

final as (

    select
        offenses.conviction_key,
        offenses.offense_read,
        offenses.offense_text,
        offenses.charged_text,
        case
            when offenses.offense_read = 'charged' then 'only_one_known'
            else {{ charged_convicted_difference('charged', 'convicted') }}
        end as charged_convicted_difference,
        case
            when regexp_matches(offenses.offense_code, '^0*[0-9]{1,5}$')
                then lpad(ltrim(offenses.offense_code, '0'), 5, '0')
        end as offense_code,
        offenses.qualifier_list,
        case when offenses.first_date = offenses.last_date then offenses.first_date end as offense_date,
        offenses.offense_date_source,
        -- If a cycle has several arrests, the period is known only if the first and the last arrest are in the same
        -- period.
        case when first_eras.era_from = last_eras.era_from then first_eras.era_from end as era_from,
        concat_ws(
            '|', coalesce(offenses.offense_text, ''), coalesce(offenses.offense_code, ''),
            coalesce(offenses.qualifier_list, ''),
            case when first_eras.era_from = last_eras.era_from then first_eras.era_from end
        ) as offense_key
    from offenses
    left join eras as first_eras
        on offenses.first_date between first_eras.era_from and first_eras.era_to
    left join eras as last_eras
        on offenses.last_date between last_eras.era_from and last_eras.era_to
    left join sections as charged on offenses.charged_text = charged.charge_text
    left join sections as convicted on offenses.offense_text = convicted.charge_text

)

select * from final
