-- A charge that is a cannabis section but for a character is evaluated by nobody: the audit is where a person finds it.
with near_misses as (

    select distinct convictions.charge_text
    from {{ ref('fct_convictions') }} as counted
    inner join {{ ref('int_identity__convictions') }} as convictions
        on counted.conviction_key = convictions.conviction_key
    inner join {{ ref('int_charges__read') }} as charges
        on convictions.charge_text = charges.charge_text and charges.names = 'near_miss'

)

select
    near_misses.charge_text is null as is_listed_alone,
    count(*) as texts
from near_misses
full join {{ ref('audit_near_miss_charges') }} as listed on near_misses.charge_text = listed.charge_text
left join {{ ref('int_charges__read') }} as charges on listed.charge_text = charges.charge_text
where
    listed.charge_text is null
    or listed.rows < 1
    -- A text of the other file than the one that a conviction is read from is a near miss as well.
    or (near_misses.charge_text is null and charges.names is distinct from 'near_miss')
group by near_misses.charge_text is null
