with figures as (

    select
        headlines.*,
        ';' || figures.counted_from || ';' as counted_from,
        figures.may_fall_by
    from {{ ref('rpt_headline_figures') }} as headlines
    inner join {{ ref('headline_figures') }} as figures on headlines.figure_id = figures.figure_id

),

rules as (

    select
        *,
        ';' || figures || ';' as of_figures
    from {{ ref('headline_rules') }}

),

-- The deliveries whose rows each figure counts.
files as (

    select
        figures.figure_id,
        deliveries.as_of_date,
        deliveries.as_of_given,
        deliveries.records,
        deliveries.open_rejects
    from figures
    inner join {{ ref('audit_delivery_reconciliation') }} as deliveries
        on figures.counted_from like '%;' || deliveries.source || ';%'
    where deliveries.status = 'landed'

),

of_files as (

    select
        figure_id,
        sum(open_rejects) as rejects,
        sum(records) as records,
        max(as_of_date) - min(as_of_date) as days_apart,
        count(*) filter (where not as_of_given) as dates_assumed
    from files
    group by figure_id

),

checks as (

    select
        count(*) as asked,
        count(*) filter (where status = 'passed') as passed,
        count(*) filter (where status = 'warned') as warned,
        -- A check that ended in an error counts as stopped, whatever its severity.
        count(*) filter (
            where status = 'errored' or (severity = 'stop' and status not in ('passed', 'warned'))
        ) as stopped,
        count(*) filter (where gate = 'published') as asked_of_figures
    from {{ ref('audit_check_results') }}
    where is_current

),

last_run as (

    select coalesce(max(build_id), '') as build_id
    from {{ ref('stg_machine__last_dbt_run') }}

),

-- The figures of the newest release that is from another build. After publishing, the newest release of all is from
-- this build.
released as (

    select
        released.figure_id,
        released.counted as counted_before
    from {{ ref('stg_machine__released_figures') }} as released
    cross join last_run
    where released.build_id <> last_run.build_id
    qualify row_number() over (partition by released.figure_id order by released.place) = 1

),

-- For each rule and figure: the number that the rule counts (`found`) and the number with which it is compared
-- (`of_number`). Findings are compared with the figure itself. The size of a finding is a share, a number of days or
-- another number, depending on the measure.
measured as (

    select
        figures.figure_id,
        rules.rule_id,
        case rules.measure
            when 'is_unknown' then case when figures.counted is null then 1 else 0 end
            when 'events_of_zero' then case when figures.counted = 0 then figures.events_delivered else 0 end
            when 'findings' then coalesce(counts.findings, 0)
            when 'checks_stopped' then checks.stopped
            when 'is_not_checked' then case when checks.asked_of_figures = 0 then 1 else 0 end
            when 'rejects' then coalesce(of_files.rejects, 0)
            when 'range' then coalesce(figures.counted_high - figures.counted_low, 0)
            when 'moved' then coalesce(abs(figures.counted - released.counted_before), 0)
            when 'days_apart' then coalesce(of_files.days_apart, 0)
            when 'dates_assumed' then coalesce(of_files.dates_assumed, 0)
            when 'checks_warned' then checks.warned
            when 'checks_passed' then checks.passed
        end as found,
        case rules.measure
            when 'rejects' then of_files.records
            when 'moved' then released.counted_before
            when 'checks_stopped' then checks.asked
            when 'checks_warned' then checks.asked
            when 'checks_passed' then checks.asked
            when 'range' then figures.counted
            when 'findings' then case when rules.finding <> 'delivery_not_reconciled' then figures.counted end
        end as of_number,
        rules.measure in ('rejects', 'moved', 'range', 'findings', 'checks_warned')
        and coalesce(rules.finding, '') <> 'delivery_not_reconciled' as is_share,
        released.counted_before
    from figures
    inner join rules on rules.figures = 'all' or rules.of_figures like '%;' || figures.figure_id || ';%'
    cross join checks
    left join of_files on figures.figure_id = of_files.figure_id
    left join released on figures.figure_id = released.figure_id
    left join {{ ref('audit_counts') }} as counts on rules.finding = counts.finding

),

-- A finding has the largest possible size if the figure is 0.
sized as (

    select
        *,
        case
            when not is_share then cast(found as double)
            when coalesce(of_number, 0) > 0 then cast(found as double) / of_number
            else 1
        end as size
    from measured
    where found > 0

),

judged as (

    select
        figures.figure_no,
        sized.figure_id,
        rules.rule_no,
        sized.rule_id,
        case when rules.changes_headline then 'changes the headline' else 'does not change the headline' end
            as finding_group,
        case
            when sized.size > rules.do_not_quote_above then 'do not quote'
            -- How far a figure may move without a note depends on the figure (may_fall_by).
            when sized.size > case when rules.measure = 'moved' then figures.may_fall_by else rules.note_above end
                then 'usable with notes'
            else 'usable'
        end as verdict,
        cast(sized.found as bigint) as found,
        cast(sized.of_number as bigint) as of_number,
        sized.size,
        replace(
            replace(
                replace(
                    replace(
                        replace(
                            replace(rules.sentence, '{n}', format('{:,}', cast(sized.found as bigint))),
                            '{of}', format('{:,}', coalesce(cast(sized.of_number as bigint), 0))
                        ),
                        '{low}', format('{:,}', coalesce(figures.counted_low, 0))
                    ),
                    '{high}', format('{:,}', coalesce(figures.counted_high, 0))
                ),
                '{before}', format('{:,}', coalesce(sized.counted_before, 0))
            ),
            '{now}', format('{:,}', coalesce(figures.counted, 0))
        ) as sentence,
        rules.sentence_outside,
        rules.because
    from sized
    inner join figures on sized.figure_id = figures.figure_id
    inner join rules on sized.rule_id = rules.rule_id

),

final as (

    select
        figure_no,
        figure_id,
        -- Findings that decide the verdict come first, then the summary of the checks, then the rest.
        cast(
            row_number() over (
                partition by figure_id
                order by
                    case verdict when 'do not quote' then 0 when 'usable with notes' then 1 else 2 end,
                    case when rule_id = 'checks_passed' then 0 else 1 end,
                    case finding_group when 'changes the headline' then 0 else 1 end,
                    rule_no
            ) as integer
        ) as place,
        rule_id,
        finding_group,
        verdict,
        found,
        of_number,
        size,
        sentence,
        sentence_outside,
        because
    from judged

)

select * from final
