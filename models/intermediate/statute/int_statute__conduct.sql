-- The possible conduct of each offense under today's law: certain (1, 1), excluded (0, 0) or possible (0, 1).
with convictions as (

    select
        *,
        -- If 11360 has no letter, a felony is under (a), and from 1976 on a misdemeanor is under (b). A later reduction
        -- (PC 17(b)) does not change the letter.
        case
            when section <> '11360' or subdivision is not null then null
            when level_at_conviction = 'felony' then 'felony'
            when level_at_conviction = 'misdemeanor' and offense_first_day >= date '1976-01-01' then 'misdemeanor'
        end as level_of_the_letter
    from {{ ref('int_statute__convictions') }}

),

classes as (

    select
        statutory_relief.statute_id,
        statutory_relief.relief_class,
        statutes.in_force_from,
        contains(statutes.levels, 'I') as allows_infraction,
        case when contains(statutes.levels, 'F') then 3 when contains(statutes.levels, 'M') then 2 else 1 end
            as highest_level
    from {{ ref('statutory_relief') }} as statutory_relief
    inner join {{ ref('statutes') }} as statutes on statutory_relief.statute_id = statutes.statute_id

),

lists as (

    select distinct
        meanings_left,
        offense_last_day,
        level_of_the_letter
    from convictions
    where meanings_left is not null

),

possible as (

    select
        meanings_left,
        offense_last_day,
        level_of_the_letter,
        unnest(string_split(meanings_left, '; ')) as statute_id
    from lists

),

-- A law that came into force after the conviction cannot be the meaning of the offense.
left_over as (

    select
        possible.meanings_left,
        possible.offense_last_day,
        possible.level_of_the_letter,
        classes.relief_class,
        classes.highest_level,
        classes.allows_infraction
    from possible
    left join classes on possible.statute_id = classes.statute_id
    where
        (
            classes.in_force_from is null
            or possible.offense_last_day is null
            or classes.in_force_from <= possible.offense_last_day
        )
        and not coalesce(
            (
                possible.level_of_the_letter = 'felony'
                and classes.relief_class = 'gift_or_transport_up_to_28_5_grams'
            )
            or (possible.level_of_the_letter = 'misdemeanor' and classes.relief_class = 'sale_or_transport'),
            false
        )

),

counted as (

    select
        meanings_left,
        offense_last_day,
        level_of_the_letter,
        min(relief_class) as relief_class,
        count(distinct coalesce(relief_class, '')) as relief_classes,
        string_agg(distinct coalesce(relief_class, ''), ';' order by coalesce(relief_class, '')) as possible_classes,
        min(highest_level) as lowest_highest_level,
        max(highest_level) as highest_level,
        bool_or(coalesce(allows_infraction, true)) as allows_infraction
    from left_over
    group by meanings_left, offense_last_day, level_of_the_letter

),

final as (

    select
        convictions.* exclude (level_of_the_letter),
        case when counted.relief_classes = 1 then nullif(counted.relief_class, '') end as relief_class,
        ';' || counted.possible_classes || ';' as possible_classes,
        counted.lowest_highest_level,
        counted.highest_level,
        coalesce(counted.allows_infraction, true) as allows_infraction,
        case
            when convictions.is_date_impossible or convictions.reason = 'meaning_date_unknown'
                then {{ fact('offense_date') }}
            else {{ fact('section') }}
        end as conduct_facts
    from convictions
    left join counted
        on
            convictions.meanings_left = counted.meanings_left
            and convictions.offense_last_day is not distinct from counted.offense_last_day
            and convictions.level_of_the_letter is not distinct from counted.level_of_the_letter

)

select * from final
