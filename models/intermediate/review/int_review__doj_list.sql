{% set prop_64 = "date '2016-11-09'" %}

-- Whether each conviction was on the list that the DOJ sent to prosecutors under H&S 11361.9(a). No other model defines
-- which convictions were on the list.
with convictions as (

    select
        conviction_key,
        doj_conviction_key,
        conviction_date
    from {{ ref('int_identity__convictions') }}

),

classified as (

    select * from {{ ref('int_offenses__classified') }}

),

eras as (

    select * from {{ ref('int_offenses__eras') }}

),

deadlines as (

    select deadline_date as list_date
    from {{ ref('legal_deadlines') }}
    where deadline_id = 'ab1793_list'

),

offenses as (

    select
        convictions.conviction_key,
        convictions.doj_conviction_key,
        convictions.conviction_date,
        -- The list contained the four sections, their predecessors and 11361, attempts and conspiracies included.
        case
            when classified.is_accessory or classified.is_solicitation then false
            when classified.section = '11361' then true
            else classified.is_cannabis_relief_section
        end as is_listed_offense,
        coalesce(classified.offense_date, classified.era_from) as first_day,
        coalesce(classified.offense_date, eras.era_to) as last_day
    from convictions
    left join classified on convictions.conviction_key = classified.conviction_key
    left join eras on classified.era_from = eras.era_from

),

-- If the day of the offense is after the day of the conviction, the day of the offense must be wrong.
dated as (

    select
        * exclude (first_day, last_day),
        case when not coalesce(first_day > conviction_date, false) then first_day end as first_day,
        case
            when coalesce(first_day > conviction_date, false) then conviction_date
            else least(last_day, conviction_date)
        end as last_day
    from offenses

),

aged as (

    select
        *,
        case
            when first_day >= {{ prop_64 }} then false
            when last_day < {{ prop_64 }} then true
        end as is_offense_before_prop_64
    from dated

),

based as (

    select
        aged.conviction_key,
        aged.is_offense_before_prop_64,
        case
            when aged.doj_conviction_key is null then 'court_file_only'
            when not aged.is_listed_offense then 'other_offense'
            when not aged.is_offense_before_prop_64 then 'offense_after_prop_64'
            -- A conviction after the day on which the list was due was not on the list.
            when aged.conviction_date > deadlines.list_date then 'convicted_after_the_list'
            when aged.is_listed_offense is null then 'offense_unknown'
            when aged.is_offense_before_prop_64 is null then 'offense_date_unknown'
            else 'listed_offense'
        end as list_basis
    from aged
    cross join deadlines

),

final as (

    select
        conviction_key,
        list_basis,
        case
            when list_basis = 'listed_offense' then true
            when list_basis not in ('offense_unknown', 'offense_date_unknown') then false
        end as was_on_the_list,
        is_offense_before_prop_64
    from based

)

select * from final
