with results as (

    select * from {{ ref('int_comparison__convictions') }}

),

determinations as (

    select
        conviction_key,
        policy_id,
        determination,
        reason
    from {{ ref('int_policies__determinations') }}

),

final as (

    select
        {{ without_reading('results.conviction_key') }} as conviction_key,
        determinations.policy_id,
        results.delivery_id,
        results.row_no,
        results.* exclude (conviction_key, delivery_id, row_no),
        determinations.determination as eligibility_determination,
        determinations.reason as eligibility_reason
    from results
    inner join determinations on results.conviction_key = determinations.conviction_key

)

select * from final
