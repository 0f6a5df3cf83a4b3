-- Eligible = relieved + remaining, and each of these is the sum of its parts. Races, genders and their combinations add
-- up to the total.
{% set policy = 'statutory_11361_8' %}
with report as (

    select
        race,
        gender,
        measure,
        convictions
    from {{ ref('rpt_ab1706') }}
    where policy_id = '{{ policy }}'

),

by_group as (

    select
        race || ' ' || gender as place,
        coalesce(sum(convictions) filter (where measure = 'eligible'), 0) as eligible,
        coalesce(sum(convictions) filter (where measure = 'relieved'), 0) as relieved,
        coalesce(sum(convictions) filter (where measure = 'remaining'), 0) as remaining,
        coalesce(sum(convictions) filter (where measure = 'dismissed'), 0) as dismissed,
        coalesce(sum(convictions) filter (where measure in ('sealed', 'dismissed_not_sealed')), 0) as sealed_or_not,
        coalesce(
            sum(convictions) filter (
                where measure in ('dismissed', 'redesignated', 'resentenced', 'relieved_otherwise')
            ), 0
        ) as ways_of_relief,
        coalesce(
            sum(convictions) filter (
                where measure in ('challenged', 'denied', 'not_challenged', 'challenge_unknown', 'not_on_the_list')
            ), 0
        ) as ways_of_remaining
    from report
    group by race, gender

),

by_measure as (

    select
        measure as place,
        coalesce(sum(convictions) filter (where race = 'all' and gender = 'all'), 0) as total,
        coalesce(sum(convictions) filter (where race <> 'all' and gender = 'all'), 0) as races,
        coalesce(sum(convictions) filter (where race = 'all' and gender <> 'all'), 0) as genders,
        coalesce(sum(convictions) filter (where race <> 'all' and gender <> 'all'), 0) as crossed
    from report
    group by measure

)

select place
from by_group
where
    eligible <> relieved + remaining
    or relieved <> ways_of_relief
    or dismissed <> sealed_or_not
    or remaining <> ways_of_remaining
union all
select place
from by_measure
where total <> races or total <> genders or total <> crossed
