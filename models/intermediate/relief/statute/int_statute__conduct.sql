-- What each offense may have been, as the statute of today sees it: surely (1, 1), surely not (0, 0) or perhaps (0, 1).
with convictions as (

    select * from {{ ref('int_statute__convictions') }}

),

classes as (

    select
        statutory_relief.statute_id,
        statutory_relief.relief_class,
        statutes.in_force_from,
        case when contains(statutes.levels, 'F') then 3 when contains(statutes.levels, 'M') then 2 else 1 end
            as highest_level
    from {{ ref('statutory_relief') }} as statutory_relief
    inner join {{ ref('statutes') }} as statutes on statutory_relief.statute_id = statutes.statute_id

),

lists as (

    select distinct
        meanings_left,
        offense_last_day
    from convictions
    where meanings_left is not null

),

possible as (

    select
        meanings_left,
        offense_last_day,
        unnest(string_split(meanings_left, '; ')) as statute_id
    from lists

),

-- A law that came after the conviction is none that it was convicted under.
left_over as (

    select
        possible.meanings_left,
        possible.offense_last_day,
        classes.relief_class,
        classes.highest_level
    from possible
    left join classes on possible.statute_id = classes.statute_id
    where
        classes.in_force_from is null
        or possible.offense_last_day is null
        or classes.in_force_from <= possible.offense_last_day

),

counted as (

    select
        meanings_left,
        offense_last_day,
        min(relief_class) as relief_class,
        count(distinct coalesce(relief_class, '')) as relief_classes,
        string_agg(distinct coalesce(relief_class, ''), ';' order by coalesce(relief_class, '')) as possible_classes,
        min(highest_level) as lowest_highest_level,
        max(highest_level) as highest_level
    from left_over
    group by meanings_left, offense_last_day

),

final as (

    select
        convictions.*,
        case when counted.relief_classes = 1 then nullif(counted.relief_class, '') end as relief_class,
        ';' || counted.possible_classes || ';' as possible_classes,
        counted.lowest_highest_level,
        counted.highest_level,
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

)

select * from final
