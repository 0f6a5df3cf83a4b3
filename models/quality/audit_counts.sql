with findings as (

    select * from {{ ref('quality_findings') }}

),

deliveries as (

    select * from {{ ref('audit_delivery_reconciliation') }}

),

convictions as (

    select * from {{ ref('fct_convictions') }}

),

-- A conviction that both files contain has two charge texts but is counted once.
charge_texts as (

    select
        convictions.conviction_key,
        coalesce(doj_convictions.charge_text, '') as charge_text
    from convictions
    inner join {{ ref('int_convictions__criminal_history') }} as doj_convictions
        on convictions.doj_conviction_key = doj_convictions.doj_conviction_key
    union all
    select
        convictions.conviction_key,
        coalesce(court_convictions.charge_text, '') as charge_text
    from convictions
    inner join {{ ref('int_convictions__court') }} as court_convictions
        on convictions.court_conviction_key = court_convictions.court_conviction_key

),

charges as (

    select
        charge_text,
        reason
    from {{ ref('audit_unmapped_charges') }}
    where reason not like 'meaning%' and reason <> 'charge_two_subdivisions'
    union all
    select
        charge_text,
        reason
    from {{ ref('audit_look_alike_charges') }}
    union all
    select
        charge_text,
        reason
    from {{ ref('audit_near_miss_charges') }}

),

numbers as (

    select
        'delivery_not_reconciled' as finding,
        sum(case when is_reconciled then 0 else 1 end) as findings
    from deliveries
    union all
    select
        'record_rejected' as finding,
        sum(open_rejects) as findings
    from deliveries
    where status = 'landed'
    union all
    select
        'as_of_date_assumed' as finding,
        sum(case when as_of_given then 0 else 1 end) as findings
    from deliveries
    where status = 'landed'
    union all
    select
        charges.reason as finding,
        count(distinct charge_texts.conviction_key) as findings
    from charge_texts
    inner join charges on charge_texts.charge_text = charges.charge_text
    group by charges.reason
    union all
    -- The meaning of a text can be clear on one date and unclear on another, so `rows` is already a number of
    -- convictions.
    select
        reason as finding,
        sum(rows) as findings
    from {{ ref('audit_unmapped_charges') }}
    where reason like 'meaning%' or reason = 'charge_two_subdivisions'
    group by reason
    union all
    select
        dates.finding,
        case when min(findings.unit) = 'convictions' then count(distinct dates.conviction_key) else count(*) end
            as findings
    from {{ ref('audit_implausible_dates') }} as dates
    inner join findings on dates.finding = findings.finding
    group by dates.finding
    union all
    select
        reason as finding,
        sum(rows) as findings
    from {{ ref('audit_unreadable_priors') }}
    group by reason
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_unmatched_events') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_rows_not_evaluated') }}
    group by finding
    union all
    select
        finding,
        sum(rows) as findings
    from {{ ref('audit_disposition_words') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_later_dispositions') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_charged_not_convicted') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_levels_above_the_law') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_destruction_due') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_decisions') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_court_cases') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_lifecycle_contradictions') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_relief_grounds') }}
    group by finding
    union all
    select
        finding,
        sum(convictions) as findings
    from {{ ref('audit_county_spellings') }}
    group by finding
    union all
    select
        'courthouse_not_listed' as finding,
        sum(rows_not_listed) as findings
    from {{ ref('audit_courthouses_not_listed') }}
    union all
    select
        finding,
        sum(rows) as findings
    from {{ ref('audit_numbers_differing_in_zeros') }}
    group by finding
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_subjects_perhaps_twice') }}
    group by finding
    union all
    select
        'link_to_review' as finding,
        count(*) as findings
    from {{ ref('int_identity__review_queue') }}
    union all
    select
        'person_to_review' as finding,
        count(*) as findings
    from {{ ref('fct_person_reviews') }}

),

final as (

    select
        findings.finding,
        findings.title,
        findings.unit,
        cast(coalesce(numbers.findings, 0) as bigint) as findings
    from findings
    left join numbers on findings.finding = numbers.finding
    -- court_case_convicted only means that the case is used, so it is not a finding to review.
    where findings.finding <> 'court_case_convicted'

)

select * from final
