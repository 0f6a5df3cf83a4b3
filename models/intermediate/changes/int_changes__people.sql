-- People who are mentioned in deliveries that are new, or whose rows changed, since the last build.
with deliveries as (

    select distinct input_key as delivery_id
    from {{ ref('int_changes__inputs') }}
    where input_type = 'delivery' and became is not null

),

convictions as (

    select
        conviction_key,
        person_key,
        court_conviction_key
    from {{ ref('int_identity__convictions') }}

),

mentions as (

    select
        history_rows.subject_key as person_key,
        history_rows.delivery_id
    from {{ ref('int_criminal_history__rows') }} as history_rows
    inner join deliveries on history_rows.delivery_id = deliveries.delivery_id
    union all
    select
        convictions.person_key,
        court_convictions.delivery_id
    from {{ ref('int_convictions__court') }} as court_convictions
    inner join deliveries on court_convictions.delivery_id = deliveries.delivery_id
    inner join convictions on court_convictions.court_conviction_key = convictions.court_conviction_key
    union all
    select
        convictions.person_key,
        events.delivery_id
    from {{ ref('int_orders__event_matches') }} as events
    inner join deliveries on events.delivery_id = deliveries.delivery_id
    inner join convictions on events.conviction_key = convictions.conviction_key

),

final as (

    select
        person_key,
        string_agg(distinct delivery_id, ';' order by delivery_id) as deliveries
    from mentions
    where person_key is not null
    group by person_key

)

select * from final
