-- A charge that differs from a cannabis section by one wrong character is not evaluated, so the audit must list it for
-- a person to check.
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
    -- A near miss in the text of one file counts, even if the conviction is read from the other file.
    or (near_misses.charge_text is null and charges.names is distinct from 'near_miss')
group by near_misses.charge_text is null
