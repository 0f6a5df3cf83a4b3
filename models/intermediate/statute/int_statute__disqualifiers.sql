-- Each conviction or registration, from any county, that may be a disqualifier by the convicted offense.
with convictions as (

    select
        convictions.person_key,
        convictions.conviction_key,
        convictions.doj_conviction_key,
        convictions.court_conviction_key,
        convictions.conviction_date,
        coalesce(convictions.conviction_status = 'unclear', false) as is_unclear,
        convictions.level,
        offenses.offense_text
    from {{ ref('int_identity__convictions') }} as convictions
    inner join {{ ref('int_offenses__dated') }} as offenses
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
            'statutory_super_strike', 'statutory_super_strike_or_attempt', 'statutory_super_strike_by_facts',
            'statutory_pc290', 'statutory_pc290_felony', 'statutory_pc290_by_facts', 'statutory_pc290_registrant'
        )

),

charges as (

    select
        charge_text,
        cites_attempt,
        cites_accessory,
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
            when list_matches.list_id = 'statutory_pc290_felony' and convictions.level = 'felony' then 'pc_290'
            when list_matches.list_id in ('statutory_pc290_felony', 'statutory_pc290_by_facts') then 'perhaps_pc_290'
            when list_matches.list_id = 'statutory_pc290_registrant' then 'failure_to_register'
            -- Clause (iv) covers an attempt only of homicide. For any other offense, an attempt is punished less than
            -- the offense itself.
            when
                list_matches.list_id = 'statutory_super_strike_by_facts'
                or (list_matches.list_id = 'statutory_super_strike' and charges.cites_attempt)
                then 'perhaps_super_strike'
            else 'super_strike'
        end as kind,
        list_matches.is_certain and not convictions.is_unclear as is_certain,
        convictions.is_unclear as is_conviction_unclear
    from convictions
    inner join list_matches on convictions.offense_text = list_matches.charge_text
    inner join charges on convictions.offense_text = charges.charge_text
    where
        -- An accessory (PC 32) committed an offense other than the one that the charge names.
        not charges.cites_accessory
        and not (
            list_matches.list_id = 'statutory_pc290_felony'
            and coalesce(convictions.level in ('misdemeanor', 'infraction'), false)
        )

),

gang_entries as (

    select
        section,
        subdivisions,
        ';' || companion_pattern || ';' as companions
    from {{ ref('offense_list_entries') }}
    where list_id = 'statutory_super_strike_by_facts' and nullif(companion_pattern, '') is not null

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
    left join {{ ref('int_convictions__criminal_history') }} as doj_convictions
        on convictions.doj_conviction_key = doj_convictions.doj_conviction_key
    left join {{ ref('int_convictions__court') }} as court_convictions
        on convictions.court_conviction_key = court_convictions.court_conviction_key

),

-- Listed offenses with a gang enhancement in the same step or case. The charge does not show whether the enhancement
-- was for this offense. A charge that cites both already matches the list.
gang_pairs as (

    select
        listed.person_key,
        listed.conviction_key,
        listed.conviction_date as evidence_date,
        'perhaps_super_strike' as kind,
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

-- A court may order registration for an offense that is not in PC 290(c) (PC 290.006).
registrations as (

    select
        subject_key as person_key,
        cast(null as varchar) as conviction_key,
        event_date as evidence_date,
        'registration' as kind,
        true as is_certain,
        false as is_conviction_unclear
    from {{ ref('int_criminal_history__events') }}
    where event_type = 'registration' and is_sex_offender_registration

),

-- A finding of a juvenile court is not a conviction. The courts disagree whether it bars relief (People v. Sledge and
-- People v. Zamora, 2017), so an attorney decides.
juvenile_findings as (

    select distinct
        history_rows.subject_key as person_key,
        cast(null as varchar) as conviction_key,
        history_rows.event_date as evidence_date,
        'juvenile_finding' as kind,
        true as is_certain,
        false as is_conviction_unclear
    from {{ ref('int_criminal_history__rows') }} as history_rows
    inner join list_matches on history_rows.charge_text = list_matches.charge_text
    inner join {{ ref('stg_ca_doj__row_details') }} as details
        on history_rows.delivery_id = details.delivery_id and history_rows.row_no = details.row_no
    inner join {{ ref('int_dispositions__read') }} as dispositions
        on upper(details.disposition_text) = dispositions.disposition_text
    where
        list_matches.list_id <> 'statutory_pc290_registrant'
        and dispositions.sustains
        and not dispositions.dismisses

),

-- A conviction without a charge, or with a charge in which no section is certain, may be for any offense.
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
    select * from juvenile_findings
    union all
    select * from unknown_convictions

)

select * from final
