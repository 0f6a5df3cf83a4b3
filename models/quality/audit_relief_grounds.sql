-- Lists the legal grounds that do not fit their conviction. They are kept as delivered, and an attorney reviews them.
with challenges as (

    select * from {{ ref('fct_relief_challenges') }}

),

orders as (

    select * from {{ ref('fct_disposition_reports') }}

),

final as (

    select
        conviction_key,
        '' as event_key,
        'risk_against_completed_sentence' as finding,
        challenge_date as told_date,
        challenge_ground as told_ground
    from challenges
    where is_risk_against_completed_sentence
    union all
    select
        conviction_key,
        event_key,
        'order_ground_does_not_fit' as finding,
        order_date as told_date,
        legal_ground as told_ground
    from orders
    where not is_ground_fitting

)

select * from final
