with findings as (

    select * from {{ ref('quality_findings') }}

),

deliveries as (

    select * from {{ ref('audit_delivery_reconciliation') }}

),

numbers as (

    select
        'delivery_not_reconciled' as finding,
        sum(case when is_reconciled then 0 else 1 end) as findings
    from deliveries
    union all
    select
        'record_rejected' as finding,
        sum(rejected) as findings
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
        reason as finding,
        sum(rows) as findings
    from {{ ref('audit_unmapped_charges') }}
    group by reason
    union all
    select
        reason as finding,
        sum(rows) as findings
    from {{ ref('audit_look_alike_charges') }}
    group by reason
    union all
    select
        finding,
        count(*) as findings
    from {{ ref('audit_implausible_dates') }}
    group by finding
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
        'link_to_review' as finding,
        count(*) as findings
    from {{ ref('int_identity__review_queue') }}

),

final as (

    select
        findings.finding,
        findings.title,
        findings.unit,
        cast(coalesce(numbers.findings, 0) as bigint) as findings
    from findings
    left join numbers on findings.finding = numbers.finding

)

select * from final
