-- The grants with the status that they have on the day of evaluation.
with filings as (

    select * from {{ ref('fct_relief_filings_by_day') }}

),

final as (

    select * from filings
    where filed_from_date = evaluated_as_of_date

)

select * from final
