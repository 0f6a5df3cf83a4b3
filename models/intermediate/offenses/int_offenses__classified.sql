with offenses as (

    select * from {{ ref('int_offenses__dated') }}

),

meanings as (

    select * from {{ ref('int_offenses__meanings') }}

),

final as (

    select
        offenses.conviction_key,
        offenses.offense_read,
        offenses.offense_text,
        offenses.charged_text,
        offenses.charged_convicted_difference,
        offenses.offense_date,
        offenses.offense_date_source,
        meanings.* exclude (offense_key, offense_text, convictions)
    from offenses
    inner join meanings on offenses.offense_key = meanings.offense_key

)

select * from final
