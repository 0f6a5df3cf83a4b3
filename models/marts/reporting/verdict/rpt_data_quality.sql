with figures as (

    select * from {{ ref('rpt_headline_figures') }}

),

findings as (

    select * from {{ ref('audit_headline_findings') }}

),

summed as (

    select
        figure_id,
        {% for place in [1, 2, 3] %}
        max(case when place = {{ place }} then sentence end) as reason_{{ place }},
        max(case when place = {{ place }} then sentence_outside end) as reason_outside_{{ place }},
        {% endfor %}
        count(*) filter (where verdict = 'do not quote') as forbidding,
        count(*) filter (where verdict = 'usable with notes') as noted,
        count(*) filter (where finding_group = 'changes the headline') as findings_that_change_it,
        count(*) filter (where finding_group <> 'changes the headline' and rule_id <> 'checks_passed')
            as findings_that_do_not
    from findings
    group by figure_id

),

final as (

    select
        figures.figure_no,
        figures.figure_id,
        figures.title,
        figures.unit,
        figures.counted,
        figures.counted_low,
        figures.counted_high,
        case
            when coalesce(summed.forbidding, 0) > 0 then 'do not quote'
            when coalesce(summed.noted, 0) > 0 then 'usable with notes'
            else 'usable'
        end as verdict,
        {% for place in [1, 2, 3] %}
        summed.reason_{{ place }},
        {% endfor %}
        {% for place in [1, 2, 3] %}
        summed.reason_outside_{{ place }},
        {% endfor %}
        coalesce(summed.findings_that_change_it, 0) as findings_that_change_it,
        coalesce(summed.findings_that_do_not, 0) as findings_that_do_not,
        figures.events_delivered,
        figures.as_of_date,
        figures.is_synthetic
    from figures
    left join summed on figures.figure_id = summed.figure_id

)

select * from final
