-- A figure that leadership quotes equals the figure on its page. If the figure is unknown, both are empty.
with figures as (

    select
        figure_id,
        counted,
        counted_low,
        counted_high
    from {{ ref('rpt_headline_figures') }}

),

funnel as (

    select * from {{ ref('rpt_relief_funnel') }}
    where wave = 'all'

),

-- The policy that the county approved last. Without an approved policy, the statute's policy is used.
eligible as (

    select count(*) filter (where determinations.determination like 'Eligible%') as counted
    from {{ ref('fct_relief_determinations') }} as determinations
    where
        determinations.policy_id = coalesce(
            (
                select arg_max(policy_id, approved_at) from {{ ref('dim_policies') }}
                where status = 'approved'
            ),
            'statutory_11361_8'
        )

),

compared as (

    select
        'wave_' || cast(wave_number as varchar) || '_ordered' as figure_id,
        counted as expected
    from {{ ref('rpt_progress_toward_published_totals') }}
    where stage = 'order_signed'
    union all
    select
        'visible_at_doj' as figure_id,
        counted as expected
    from funnel
    where stage = 'doj_updated'
    union all
    select
        'waiting_too_long' as figure_id,
        case when bool_or(stuck_here is null) then null else sum(stuck_here) end as expected
    from funnel
    union all
    select
        'people_relieved' as figure_id,
        people_with_relief as expected
    from {{ ref('rpt_people_outcomes') }}
    where basis = 'relief orders' and is_policy_choice
    union all
    select
        'policy_eligible' as figure_id,
        case when context.evaluated_as_of_date is not null then eligible.counted end as expected
    from eligible
    cross join {{ ref('stg_landing__build_context') }} as context
    union all
    -- If no events were delivered, the number is unknown. Otherwise it is the number of convictions that an order
    -- dismissed.
    select
        'all_ordered' as figure_id,
        case
            when bool_or(figures.counted is null) then null
            else
                (
                    select count(*) from {{ ref('fct_convictions') }}
                    where is_dismissed_by_order and coalesce(is_in_county, true)
                )
        end as expected
    from figures
    where figures.figure_id = 'all_ordered'

)

select
    figures.figure_id,
    figures.counted,
    compared.expected
from figures
full join compared on figures.figure_id = compared.figure_id
where
    compared.figure_id is null
    or figures.counted is distinct from compared.expected
    or not coalesce(figures.counted between figures.counted_low and figures.counted_high, true)
