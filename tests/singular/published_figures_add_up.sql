-- Published figures are typed by hand; one copy of 206,052 reads 206,502. The sources also give sums, which reveal such
-- errors.
with identities as (

    select
        terms.identity,
        terms.figure_id,
        terms.sign
    from (
        values
        ('felony and misdemeanor convictions of 2020', 'la_2020_convictions', 1),
        ('felony and misdemeanor convictions of 2020', 'la_2020_felony_convictions', -1),
        ('felony and misdemeanor convictions of 2020', 'la_2020_misdemeanor_convictions', -1),
        ('processed by April 2023: by January, and since', 'ca_processed_2023', 1),
        ('processed by April 2023: by January, and since', 'ca_processed_2023_01', -1),
        ('processed by April 2023: by January, and since', 'ca_processed_2023_q1', -1),
        ('eligible in April 2023: processed and remaining', 'ca_eligible_2023', 1),
        ('eligible in April 2023: processed and remaining', 'ca_processed_2023', -1),
        ('eligible in April 2023: processed and remaining', 'ca_remaining_2023_04', -1),
        ('processed by July 2023: by April, and since', 'ca_processed_2023_07', 1),
        ('processed by July 2023: by April, and since', 'ca_processed_2023', -1),
        ('processed by July 2023: by April, and since', 'ca_processed_2023_q2', -1),
        ('eligible in July 2023: processed and remaining', 'ca_eligible_2023', 1),
        ('eligible in July 2023: processed and remaining', 'ca_processed_2023_07', -1),
        ('eligible in July 2023: processed and remaining', 'ca_remaining_2023_07', -1)
    ) as terms (identity, figure_id, sign)

),

figures as (

    select
        figure_id,
        value
    from {{ ref('published_figures') }}

),

sums as (

    select
        identities.identity,
        sum(identities.sign * figures.value) as difference,
        count(*) = count(figures.value) as is_complete
    from identities
    left join figures on identities.figure_id = figures.figure_id
    group by identities.identity
    union all
    select
        'shares of people by race' as identity,
        sum(value) - 100 as difference,
        true as is_complete
    from figures
    where figure_id like 'la_2020_people_share_%'

)

select *
from sums
where difference <> 0 or not is_complete
