-- The numbers by standing add up to the convictions of the account. The account contains every such conviction in the
-- DOJ's file: convictions in review, attempts, conspiracies and H&S 11361. It leaves out offenses on or after
-- 2016-11-09, and convictions after the day on which the list was due. One policy is tested, to save time.
with account as (

    select
        conviction_key,
        list_standing in ('relieved', 'denied', 'list_unknown', 'challenged', 'overdue', 'waiting') as is_placed
    from {{ ref('fct_ab1706_list') }}
    where policy_id = 'statutory_11361_8'

),

deadlines as (

    select deadline_date as list_date
    from {{ ref('legal_deadlines') }}
    where deadline_id = 'ab1793_list'

),

-- This finds the same convictions in another way than the model of the list.
expected as (

    select convictions.conviction_key
    from {{ ref('fct_convictions') }} as convictions
    cross join deadlines
    left join {{ ref('int_statute__convictions') }} as offenses
        on convictions.conviction_key = offenses.conviction_key
    where
        convictions.is_in_county
        and convictions.doj_conviction_key is not null
        and (
            convictions.is_in_review or offenses.section = '11361'
            or ((offenses.is_attempt or offenses.is_conspiracy) and offenses.section is not null)
        )
        and not coalesce(offenses.is_accessory or offenses.is_solicitation or offenses.is_possession_in_prison, false)
        and coalesce(offenses.offense_first_day < date '2016-11-09', true)
        and coalesce(convictions.conviction_date <= deadlines.list_date, true)

)

select
    'missing from the account' as what,
    count(*) as convictions
from expected
left join account on expected.conviction_key = account.conviction_key
where account.conviction_key is null
having count(*) > 0
union all
select
    'without a standing' as what,
    count(*) as convictions
from account
where is_placed is not true
having count(*) > 0
union all
select
    'counted twice' as what,
    count(*) - count(distinct conviction_key) as convictions
from account
having count(*) > count(distinct conviction_key)
