with convictions as (

    select * from {{ ref('int_published_rules__history_convictions') }}

),

{{ disqualifiers_of_readings() }},

final as (

    select * from listed_convictions
    union all
    select * from gang_pairs
    union all
    select * from unknown_convictions
    union all
    select * from registrations

)

select * from final
