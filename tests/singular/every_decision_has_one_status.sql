-- Rows of decisions files delivered = decisions accounted for, each once.
with counted as (

    select
        (select count(*) from {{ ref('stg_review_decisions__decisions') }}) as decisions_delivered,
        (select count(*) from {{ ref('fct_review_decisions') }} where decision_status is not null) as decisions_accounted_for

)

select *
from counted
where decisions_delivered <> decisions_accounted_for
