-- A row of decisions or events that has no effect is listed with its reason.
with refused as (

    select
        delivery_id,
        row_no,
        'decision' as given
    from {{ ref('fct_review_decisions') }}
    where decision_status not in ('in_force', 'replaced', 'not_filled_in')
    union all
    select
        delivery_id,
        row_no,
        'event' as given
    from {{ ref('fct_relief_events') }}
    where match_status not in ('matched', 'in_the_future')

),

listed as (

    select
        delivery_id,
        row_no,
        'decision' as given
    from {{ ref('audit_decisions') }}
    union
    select
        delivery_id,
        row_no,
        'event' as given
    from {{ ref('audit_unmatched_events') }}

)

select refused.*
from refused
left join listed
    on
        refused.delivery_id = listed.delivery_id
        and refused.row_no = listed.row_no
        and refused.given = listed.given
where listed.delivery_id is null
