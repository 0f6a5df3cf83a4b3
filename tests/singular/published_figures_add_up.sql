-- Figures are typed by hand: one copy of 206,052 reads 206,502. Sums that their sources give catch such slips.
with figures as (

    select
        figure_id,
        value
    from {{ ref('published_figures') }}

),

sums as (

    select
        'felony and misdemeanor convictions of 2020' as identity,
        sum(case when figure_id = 'la_2020_convictions' then value else -value end) as difference
    from figures
    where figure_id in ('la_2020_convictions', 'la_2020_felony_convictions', 'la_2020_misdemeanor_convictions')
    union all
    select
        'shares of people by race' as identity,
        sum(value) - 100 as difference
    from figures
    where figure_id like 'la_2020_people_share_%'
    union all
    select
        'convictions processed by April 2023: 197,205 and 8,847 more' as identity,
        value - 197205 - 8847 as difference
    from figures
    where figure_id = 'ca_processed_2023'
    union all
    select
        'convictions eligible in April 2023: those processed and 21,598' as identity,
        sum(case when figure_id = 'ca_eligible_2023' then value else -value end) - 21598 as difference
    from figures
    where figure_id in ('ca_eligible_2023', 'ca_processed_2023')
)

select *
from sums
where difference <> 0
