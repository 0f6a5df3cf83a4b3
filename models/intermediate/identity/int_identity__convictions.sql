with impossible_dates as (

    select source_conviction_key from {{ ref('int_convictions__impossible_dates') }}
    where fact = 'conviction_date'

),

-- A date that cannot be true is NULL here; the models of the single files keep such a date.
doj_convictions as (

    select
        convictions.* replace (
            case when impossible_dates.source_conviction_key is null then convictions.conviction_date end
                as conviction_date
        )
    from {{ ref('int_convictions__criminal_history') }} as convictions
    left join impossible_dates on convictions.doj_conviction_key = impossible_dates.source_conviction_key

),

court_convictions as (

    select
        convictions.* replace (
            case when impossible_dates.source_conviction_key is null then convictions.conviction_date end
                as conviction_date
        )
    from {{ ref('int_convictions__court') }} as convictions
    left join impossible_dates on convictions.court_conviction_key = impossible_dates.source_conviction_key

),

links as (

    select * from {{ ref('int_identity__conviction_links') }}

),

person_links as (

    select * from {{ ref('int_identity__person_links') }}

),

doj_linked as (

    select
        doj_convictions.*,
        links.court_conviction_key,
        links.link_basis,
        links.is_weak,
        -- A count without a case number belongs to the same case as the other counts of its step.
        coalesce(
            court_convictions.case_number,
            doj_convictions.case_number_read,
            case
                when doj_convictions.cycle_step is not null
                    then max(court_convictions.case_number)
                        over (partition by doj_convictions.subject_key, doj_convictions.cycle_step)
            end
        ) as normalized_case_number
    from doj_convictions
    left join links on doj_convictions.doj_conviction_key = links.doj_conviction_key
    left join court_convictions on links.court_conviction_key = court_convictions.court_conviction_key

),

in_doj as (

    select
        doj_linked.doj_conviction_key as conviction_key,
        doj_linked.subject_key as person_key,
        case when doj_linked.court_conviction_key is null then 'ca_doj' else 'both' end as source,
        doj_linked.doj_conviction_key,
        doj_linked.court_conviction_key,
        doj_linked.link_basis,
        coalesce(doj_linked.is_weak, false) as is_link_weak,
        coalesce(
            coalesce(doj_linked.county_name, court_convictions.county_name, 'county unknown')
            || '|'
            || doj_linked.normalized_case_number,
            'step|' || doj_linked.subject_key || '|' || doj_linked.cycle_step,
            -- A count whose CNT_ORDER is unreadable belongs to no step.
            'count|' || doj_linked.doj_conviction_key
        ) as case_key,
        coalesce(doj_linked.county_name, court_convictions.county_name) as county_name,
        coalesce(doj_linked.is_in_county, court_convictions.is_in_county) as is_in_county,
        -- Values from the DOJ's file come first, because determinations use them.
        coalesce(doj_linked.conviction_date, court_convictions.conviction_date) as conviction_date,
        coalesce(doj_linked.level, court_convictions.level) as level,
        -- A row without a valid count number may be part of any count. The row is kept as history, but is not counted
        -- as a conviction.
        doj_linked.is_count_order_valid as is_counted,
        doj_linked.conviction_status,
        doj_linked.charge_text,
        doj_linked.code_type,
        doj_linked.section,
        coalesce(doj_linked.subdivision, court_convictions.subdivision) as subdivision,
        coalesce(doj_linked.offense, 'unknown') as offense,
        coalesce(doj_linked.is_prop_64, false) as is_prop_64,
        coalesce(doj_linked.is_prop_64_predecessor, false) as is_prop_64_predecessor,
        coalesce(doj_linked.is_attempt, false) as is_attempt,
        coalesce(doj_linked.is_conspiracy, false) as is_conspiracy,
        doj_linked.sentence_days
    from doj_linked
    left join court_convictions on doj_linked.court_conviction_key = court_convictions.court_conviction_key

),

court_only as (

    select
        court_convictions.court_conviction_key as conviction_key,
        person_links.person_key,
        'la_court' as source,
        cast(null as varchar) as doj_conviction_key,
        court_convictions.court_conviction_key,
        cast(null as varchar) as link_basis,
        false as is_link_weak,
        court_convictions.county_name || '|' || court_convictions.case_number as case_key,
        court_convictions.county_name,
        court_convictions.is_in_county,
        court_convictions.conviction_date,
        court_convictions.level,
        true as is_counted,
        court_convictions.conviction_status,
        court_convictions.charge_text,
        court_convictions.code_type,
        court_convictions.section,
        court_convictions.subdivision,
        coalesce(court_convictions.offense, 'unknown') as offense,
        coalesce(court_convictions.is_prop_64, false) as is_prop_64,
        coalesce(court_convictions.is_prop_64_predecessor, false) as is_prop_64_predecessor,
        coalesce(court_convictions.is_attempt, false) as is_attempt,
        coalesce(court_convictions.is_conspiracy, false) as is_conspiracy,
        court_convictions.sentence_days
    from court_convictions
    left join person_links on court_convictions.case_defendant_key = person_links.case_defendant_key
    left join links on court_convictions.court_conviction_key = links.court_conviction_key
    where links.court_conviction_key is null

),

unified as (

    select * from in_doj
    union all
    select * from court_only

),

final as (

    select
        *,
        -- The two reviews (waves) count completed cannabis offenses of this county, without attempts and conspiracies.
        (is_prop_64 or is_prop_64_predecessor)
        and not is_attempt
        and not is_conspiracy
        and coalesce(is_in_county, false)
            as is_county_cannabis
    from unified

)

select * from final
