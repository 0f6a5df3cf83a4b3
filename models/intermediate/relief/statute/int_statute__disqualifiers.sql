-- Each conviction or registration that may be a disqualifier, of any county, by the offense convicted of.
with convictions as (

    select
        convictions.person_key,
        convictions.conviction_key,
        convictions.doj_conviction_key,
        convictions.court_conviction_key,
        convictions.conviction_date,
        coalesce(convictions.conviction_status = 'unclear', false) as is_unclear,
        offenses.offense_text
    from {{ ref('int_identity__convictions') }} as convictions
    inner join {{ ref('int_convictions__offenses') }} as offenses
        on convictions.conviction_key = offenses.conviction_key

),

impossible_dates as (

    select source_conviction_key from {{ ref('int_identity__impossible_dates') }}
    where fact = 'conviction_date'

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
        is_unreadable
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

gang_entries as (

    select
        section,
        subdivisions,
        ';' || companion_pattern || ';' as companions
    from {{ ref('offense_list_entries') }}
    where list_id = 'statutory_super_strike_gang_pair'

),

gang_charges as (

    select
        cited.charge_text,
        bool_or(
            cited.number = gang_entries.section
            and starts_with(array_to_string(cited.subdivisions, ''), gang_entries.subdivisions)
        ) as is_enhancement,
        bool_or(contains(gang_entries.companions, ';' || cited.number || ';')) as is_listed
    from {{ ref('int_charges__citations') }} as cited
    inner join gang_entries
        on cited.number = gang_entries.section or contains(gang_entries.companions, ';' || cited.number || ';')
    where coalesce(cited.nearest_code, 'pc') = 'pc'
    group by cited.charge_text

),

gang_convictions as (

    select
        convictions.person_key,
        convictions.conviction_key,
        convictions.conviction_date,
        convictions.is_unclear,
        gang_charges.is_enhancement,
        gang_charges.is_listed,
        coalesce(doj_convictions.cycle_step, court_convictions.case_defendant_key) as step_or_case
    from convictions
    inner join gang_charges on convictions.offense_text = gang_charges.charge_text
    left join {{ ref('int_criminal_history__convictions') }} as doj_convictions
        on convictions.doj_conviction_key = doj_convictions.doj_conviction_key
    left join {{ ref('int_court__convictions') }} as court_convictions
        on convictions.court_conviction_key = court_convictions.court_conviction_key

),

-- A listed offense with a gang enhancement of the same step or case is punishable by life: that part of the list is
-- unsourced. Where one charge cites both, the list has matched it already.
gang_pairs as (

    select
        listed.person_key,
        listed.conviction_key,
        listed.conviction_date as evidence_date,
        'unsourced_strike' as kind,
        bool_or(not listed.is_unclear and not enhancement.is_unclear) as is_certain,
        not bool_or(not listed.is_unclear and not enhancement.is_unclear) as is_conviction_unclear
    from gang_convictions as listed
    inner join gang_convictions as enhancement
        on
            listed.person_key = enhancement.person_key
            and listed.step_or_case = enhancement.step_or_case
            and listed.conviction_key <> enhancement.conviction_key
    where listed.is_listed and enhancement.is_enhancement
    group by listed.person_key, listed.conviction_key, listed.conviction_date

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

-- A conviction without a charge, or with one in which no section can surely be found, may be anything.
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
