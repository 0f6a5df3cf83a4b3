-- The signed orders of the progress report equal the totals of the report by year, on both year bases.
with progress as (

    select
        cast(wave_number as varchar) as wave,
        unit,
        counted
    from {{ ref('rpt_progress_toward_published_totals') }}
    where stage = 'order_signed'

),

by_year as (

    select
        wave,
        unit,
        min(dismissals) as lowest,
        max(dismissals) as highest
    from {{ ref('rpt_dismissals_by_year_and_offense') }}
    where year = 'all' and offense = 'all' and level = 'all'
    group by wave, unit

)

select progress.*
from progress
left join by_year on progress.wave = by_year.wave and progress.unit = by_year.unit
where
    coalesce(progress.counted, 0) <> coalesce(by_year.lowest, 0)
    or coalesce(progress.counted, 0) <> coalesce(by_year.highest, 0)
