-- Each conviction or registration that may be a disqualifier, of any county, by the offense convicted of.
with convictions as (

    select
        convictions.person_key,
        convictions.conviction_key,
        convictions.conviction_date,
        convictions.level,
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
            'statutory_super_strike', 'statutory_super_strike_or_attempt', 'statutory_super_strike_by_facts',
            'statutory_pc290', 'statutory_pc290_felony', 'statutory_pc290_by_facts', 'statutory_pc290_registrant'
        )

),

charges as (

    select
        charge_text,
        cites_attempt,
        cites_accessory,
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
            when list_matches.list_id = 'statutory_pc290_felony' and convictions.level = 'felony' then 'pc_290'
            when list_matches.list_id in ('statutory_pc290_felony', 'statutory_pc290_by_facts') then 'perhaps_pc_290'
            when list_matches.list_id = 'statutory_pc290_registrant' then 'failure_to_register'
            -- Only of homicide clause (iv) names the attempt; another attempt is punished less than the offense itself.
            when
                list_matches.list_id = 'statutory_super_strike_by_facts'
                or (list_matches.list_id = 'statutory_super_strike' and charges.cites_attempt)
                then 'perhaps_super_strike'
            else 'super_strike'
        end as kind,
        list_matches.is_certain
    from convictions
    inner join list_matches on convictions.offense_text = list_matches.charge_text
    inner join charges on convictions.offense_text = charges.charge_text
    where
        -- An accessory (PC 32) committed another offense than the one that the charge names.
        not charges.cites_accessory
        and not (
            list_matches.list_id = 'statutory_pc290_felony'
            and coalesce(convictions.level in ('misdemeanor', 'infraction'), false)
        )

),

-- A listed offense with a gang enhancement of the same case: whether it was enhanced is not in the charge.
gang_pairs as (

    select
        subject_key as person_key,
        doj_conviction_key as conviction_key,
        evidence_date,
        'perhaps_super_strike' as kind,
        true as is_certain
    from {{ ref('int_criminal_history__disqualifiers') }}
    where list_id = 'cmr_2019_super_strike' and contains(evidence, '+ 186.22')

),

-- A court may order registration for an offense that is not in PC 290(c) (PC 290.006).
registrations as (

    select
        subject_key as person_key,
        cast(null as varchar) as conviction_key,
        event_date as evidence_date,
        'registration' as kind,
        true as is_certain
    from {{ ref('int_criminal_history__events') }}
    where event_type = 'registration' and is_sex_offender_registration

),

-- A juvenile court's finding is no conviction; whether it bars is contested (People v. Sledge, People v. Zamora).
juvenile_findings as (

    select distinct
        history_rows.subject_key as person_key,
        cast(null as varchar) as conviction_key,
        history_rows.event_date as evidence_date,
        'juvenile_finding' as kind,
        true as is_certain
    from {{ ref('int_criminal_history__rows') }} as history_rows
    inner join list_matches on history_rows.charge_text = list_matches.charge_text
    inner join {{ ref('stg_ca_doj__row_details') }} as details
        on history_rows.delivery_id = details.delivery_id and history_rows.row_no = details.row_no
    where
        list_matches.list_id <> 'statutory_pc290_registrant'
        and (
            contains(upper(details.disposition_text), 'SUSTAINED')
            or contains(upper(details.disposition_text), 'FOUND TRUE')
            or contains(upper(details.disposition_text), 'JUV')
        )
        and not contains(upper(details.disposition_text), 'NOT ')

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
        false as is_certain
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
