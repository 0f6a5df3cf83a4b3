-- Each conviction or registration that may be a disqualifier, of any county, by the offense convicted of.
with convictions as (

    select
        convictions.person_key,
        convictions.conviction_key,
        convictions.conviction_date,
        coalesce(convictions.conviction_status = 'unclear', false) as is_unclear,
        offenses.offense_text
    from {{ ref('int_identity__convictions') }} as convictions
    inner join {{ ref('int_convictions__offenses') }} as offenses
        on convictions.conviction_key = offenses.conviction_key

),

list_matches as (

    select
        charge_text,
        list_id,
        is_certain
    from {{ ref('int_charges__list_matches') }}
    where
        list_id in (
            'statutory_super_strike', 'statutory_super_strike_unsourced', 'statutory_super_strike_gang_pair',
            'statutory_pc290', 'statutory_pc290_registrant'
        )

),

charges as (

    select
        charge_text,
        cites_attempt,
        is_blank or is_without_number as is_unreadable
    from {{ ref('int_charges__parsed') }}

),

listed as (

    select
        convictions.person_key,
        convictions.conviction_key,
        convictions.conviction_date as evidence_date,
        case
            when list_matches.list_id = 'statutory_pc290' then 'pc_290'
            when list_matches.list_id = 'statutory_pc290_registrant' then 'failure_to_register'
            -- Whether an attempt is a super strike no stored source says, but for the list that is itself unsourced.
            when
                list_matches.list_id <> 'statutory_super_strike'
                or charges.cites_attempt
                then 'unsourced_strike'
            else 'super_strike'
        end as kind,
        list_matches.is_certain and not convictions.is_unclear as is_certain,
        convictions.is_unclear as is_conviction_unclear
    from convictions
    inner join list_matches on convictions.offense_text = list_matches.charge_text
    inner join charges on convictions.offense_text = charges.charge_text

),

-- A listed offense with a gang enhancement of the same case is punishable by life: that part of the list is unsourced.
gang_pairs as (

    select
        subject_key as person_key,
        doj_conviction_key as conviction_key,
        evidence_date,
        'unsourced_strike' as kind,
        coalesce(is_certain, true) as is_certain,
        coalesce(is_conviction_unclear, false) as is_conviction_unclear
    from {{ ref('int_criminal_history__disqualifiers') }}
    where list_id = 'cmr_2019_super_strike' and contains(evidence, '+ 186.22')

),

registrations as (

    select
        subject_key as person_key,
        cast(null as varchar) as conviction_key,
        event_date as evidence_date,
        'pc_290' as kind,
        true as is_certain,
        false as is_conviction_unclear
    from {{ ref('int_criminal_history__events') }}
    where event_type = 'registration' and is_sex_offender_registration

),

-- A conviction without a charge, or with one in which no section can be found, may be anything.
kinds as (

    select unnest(['super_strike', 'pc_290']) as kind

),

unknown_convictions as (

    select
        convictions.person_key,
        convictions.conviction_key,
        convictions.conviction_date as evidence_date,
        kinds.kind,
        false as is_certain,
        false as is_conviction_unclear
    from convictions
    left join charges on convictions.offense_text = charges.charge_text
    cross join kinds
    where coalesce(charges.is_unreadable, true)

),

final as (

    select * from listed
    union all
    select * from gang_pairs
    union all
    select * from registrations
    union all
    select * from unknown_convictions

)

select * from final
