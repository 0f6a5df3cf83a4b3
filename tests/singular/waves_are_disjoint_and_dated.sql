-- First-wave convictions are in the DOJ's file and were ordered by the end of 2020. Second-wave convictions are in
-- court records and not in the first wave.
select
    conviction_key,
    wave_number
from {{ ref('fct_convictions') }}
where
    (wave_number = 1 and not coalesce(doj_conviction_key is not null and relief_order_date <= date '2020-12-31', false))
    or (wave_number = 2 and court_conviction_key is null)
    or (
        wave_number = 2 and doj_conviction_key is not null and is_dismissed_by_order
        and relief_order_date <= date '2020-12-31'
    )
    or (wave_number is not null and not is_county_cannabis)
