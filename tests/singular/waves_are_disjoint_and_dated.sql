-- The first wave is the DOJ's and was ordered by the end of 2020; the second is the court's and was not.
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
