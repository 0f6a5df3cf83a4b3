-- Convictions = convictions in the DOJ's file + convictions in court records - pairs that are the same conviction. A
-- DOJ row without a valid count number does not count as a conviction. It is not linked, and it is listed.
with counted as (

    select
        (select count(*) from {{ ref('fct_convictions') }}) as convictions,
        (
            select count(*) from {{ ref('int_convictions__criminal_history') }}
            where is_count_order_valid)
            as doj_convictions,
        (
            select count(*) from {{ ref('int_convictions__criminal_history') }} as unnumbered
            left join {{ ref('audit_rows_not_evaluated') }} as listed
                on
                    unnumbered.delivery_id = listed.delivery_id
                    and unnumbered.row_no = listed.row_no
                    and listed.finding = 'count_order_invalid'
            where not unnumbered.is_count_order_valid and listed.row_no is null
        ) as not_listed,
        (select count(*) from {{ ref('int_convictions__court') }}) as court_convictions,
        (select count(*) from {{ ref('int_identity__conviction_links') }}) as links

)

select *
from counted
where convictions <> doj_convictions + court_convictions - links or not_listed > 0
