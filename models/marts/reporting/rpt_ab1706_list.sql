-- This view reads a view that has a row for every policy and conviction, so query it for one policy at a time.
with listed as (

    select * from {{ ref('fct_ab1706_list') }}

),

convictions as (

    select
        conviction_key,
        coalesce(courthouse_key, 'unknown') as courthouse_key
    from {{ ref('fct_convictions') }}

),

-- Each conviction is counted at its courthouse and again in the row for all courthouses.
placed as (

    select
        listed.*,
        case when by_courthouse.is_each then convictions.courthouse_key else 'all' end as courthouse
    from listed
    inner join convictions on listed.conviction_key = convictions.conviction_key
    cross join (values (true), (false)) as by_courthouse (is_each)

),

final as (

    select
        policy_id,
        courthouse,
        list_standing,
        policy_answer,
        'convictions' as unit,
        count(*) as convictions,
        count(distinct person_key) as people,
        max(order_deadline_date) as order_deadline_date,
        max(events_as_of_date) as events_as_of_date,
        max(extract_as_of_date) as extract_as_of_date,
        bool_or(is_synthetic) as is_synthetic
    from placed
    group by policy_id, courthouse, list_standing, policy_answer

)

select * from final
