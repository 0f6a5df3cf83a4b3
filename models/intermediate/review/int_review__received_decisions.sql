-- The day since which the county has had each conviction: the as-of date of the first delivery in use that contains it.
with deliveries as (

    select
        delivery_id,
        as_of_date
    from {{ ref('stg_landing__deliveries') }}

),

history_rows as (

    select * from {{ ref('int_criminal_history__rows') }}

),

by_doj as (

    select
        'doj|' || history_rows.subject_key || '|' || {{ count_key(of='history_rows.') }} as doj_conviction_key,
        min(deliveries.as_of_date) as received_date
    from history_rows
    inner join deliveries on history_rows.delivery_id = deliveries.delivery_id
    group by 1

),

by_court as (

    select
        court_convictions.court_conviction_key,
        deliveries.as_of_date as received_date
    from {{ ref('int_convictions__court') }} as court_convictions
    inner join deliveries on court_convictions.delivery_id = deliveries.delivery_id

),

final as (

    select
        convictions.conviction_key,
        least(by_doj.received_date, by_court.received_date) as received_date
    from {{ ref('int_identity__convictions') }} as convictions
    left join by_doj on convictions.doj_conviction_key = by_doj.doj_conviction_key
    left join by_court on convictions.court_conviction_key = by_court.court_conviction_key

)

select * from final
