-- Figures are typed by hand: one copy of 206,052 reads 206,502. Sums that their sources give catch such slips.
{% set identities = {
    'felony and misdemeanor convictions of 2020':
        ['la_2020_convictions', ['la_2020_felony_convictions', 'la_2020_misdemeanor_convictions']],
    'processed by April 2023: by January, and since':
        ['ca_processed_2023', ['ca_processed_2023_01', 'ca_processed_2023_q1']],
    'eligible in April 2023: processed and remaining':
        ['ca_eligible_2023', ['ca_processed_2023', 'ca_remaining_2023_04']],
    'processed by July 2023: by April, and since':
        ['ca_processed_2023_07', ['ca_processed_2023', 'ca_processed_2023_q2']],
    'eligible in July 2023: processed and remaining':
        ['ca_eligible_2023', ['ca_processed_2023_07', 'ca_remaining_2023_07']],
} %}
with figures as (

    select
        figure_id,
        value
    from {{ ref('published_figures') }}

),

sums as (

    {% for identity, parts in identities.items() %}
    select
        '{{ identity }}' as identity,
        sum(case when figure_id = '{{ parts[0] }}' then value else -value end) as difference,
        count(*) = {{ 1 + parts[1] | length }} as is_complete
    from figures
    where figure_id in ('{{ parts[0] }}', '{{ parts[1] | join("', '") }}')
    union all
    {% endfor %}
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
