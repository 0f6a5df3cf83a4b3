-- A yes-or-no measure is 0 or 1, a count is not negative, and the lower bound is not above the upper bound.
select
    measures.measure,
    count(*) as convictions
from {{ ref('int_policies__measures') }} as measures
inner join {{ ref('relief_measures') }} as named on measures.measure = named.measure
where
    measures.lower_bound > measures.upper_bound
    or case
        when named.unit = 'yes or no'
            then coalesce(measures.lower_bound, -1) not in (0, 1) or coalesce(measures.upper_bound, -1) not in (0, 1)
        when named.unit in ('convictions', 'offenses and registrations')
            then coalesce(measures.lower_bound, -1) < 0 or measures.upper_bound is null
        else false
    end
group by measures.measure
