-- The person's earlier offenses as the statute counts them: those before the charge (People v. Smit), and, counted
-- separately, offenses whose dates do not show whether they came before the charge.
with convictions as (

    select * from {{ ref('int_statute__conduct') }}

),

disqualifiers as (

    select * from {{ ref('int_statute__disqualifiers') }}

),

-- Completed offenses, from any county, under the sections that are felonies today for a person with prior convictions.
same_sections as (

    select
        identified.person_key,
        identified.conviction_key,
        identified.conviction_date,
        coalesce(identified.conviction_status = 'unclear', false) as is_unclear,
        classified.section
    from {{ ref('int_identity__convictions') }} as identified
    inner join {{ ref('int_offenses__classified') }} as classified
        on identified.conviction_key = classified.conviction_key
    where
        classified.section in ('11358', '11359', '11360')
        and not (classified.section = '11360' and coalesce(classified.subdivision, '') = 'B')
        and not classified.is_attempt
        and not classified.is_conspiracy
        and not classified.is_accessory
        and not classified.is_solicitation

),

-- The date of the charge is the filing date of the case. If that is unknown, the charge came between the offense and
-- the conviction.
dated as (

    select
        convictions.conviction_key,
        disqualifiers.kind,
        disqualifiers.is_certain,
        case
            when disqualifiers.evidence_date < coalesce(convictions.filing_date, convictions.offense_first_day)
                then 'prior'
            when disqualifiers.evidence_date >= coalesce(convictions.filing_date, convictions.conviction_date)
                then 'not_prior'
            when disqualifiers.evidence_date < convictions.conviction_date then 'before_conviction'
            else 'unknown'
        end as timing,
        case
            when coalesce(disqualifiers.is_conviction_unclear, false) then {{ fact('disposition') }}
            when not disqualifiers.is_certain then {{ fact('section') }}
            when disqualifiers.evidence_date is null and disqualifiers.kind in ('pc_290', 'registration')
                then {{ fact('registration_date') }}
            when disqualifiers.evidence_date is null then {{ fact('strike_date') }}
            when convictions.conviction_date is null then {{ fact('conviction_date') }}
            else 0
        end as facts
    from convictions
    inner join disqualifiers
        on
            convictions.person_key = disqualifiers.person_key
            and convictions.conviction_key <> coalesce(disqualifiers.conviction_key, '')

),

disqualifier_counts as (

    select
        conviction_key,
        kind,
        sum(case when timing = 'prior' and is_certain then 1 else 0 end) as prior_lower,
        -- An uncertain offense may be a disqualifier, so it counts only in the upper bound. A certain offense without a
        -- clear date is counted separately.
        sum(
            case when (timing = 'prior' and is_certain) or (timing <> 'not_prior' and not is_certain) then 1 else 0 end
        ) as prior_upper,
        bit_or(case when timing <> 'not_prior' and not is_certain then facts else 0 end) as facts,
        sum(case when timing in ('before_conviction', 'unknown') and is_certain then 1 else 0 end) as perhaps_prior,
        sum(case when timing <> 'not_prior' then 1 else 0 end) as not_later
    from dated
    group by conviction_key, kind

),

same_section as (

    select
        convictions.conviction_key,
        sum(case when others.conviction_date < convictions.conviction_date and not others.is_unclear then 1 else 0 end)
            as lower_count,
        sum(case when coalesce(others.conviction_date < convictions.conviction_date, true) then 1 else 0 end)
            as upper_count,
        bit_or(
            case
                when others.conviction_date is null or convictions.conviction_date is null
                    then {{ fact('conviction_date') }}
                else 0
            end
            | case
                when
                    others.is_unclear
                    and coalesce(others.conviction_date < convictions.conviction_date, true)
                    then {{ fact('disposition') }}
                else 0
            end
        ) as facts
    from convictions
    inner join same_sections as others
        on
            convictions.person_key = others.person_key
            and convictions.section = others.section
            and convictions.conviction_key <> others.conviction_key
    where convictions.relief_class in ('cultivation', 'possession_for_sale', 'sale_or_transport')
    group by convictions.conviction_key

),

final as (

    select
        conviction_key,
        case kind
            when 'super_strike' then 'prior_super_strikes__statutory'
            when 'pc_290' then 'prior_pc_290__statutory'
        end as measure,
        prior_lower as lower_count,
        prior_upper as upper_count,
        facts
    from disqualifier_counts
    where kind in ('super_strike', 'pc_290')
    union all
    select
        conviction_key,
        case kind
            when 'super_strike' then 'super_strikes_perhaps_prior__statutory'
            when 'pc_290' then 'pc_290_perhaps_prior__statutory'
        end as measure,
        perhaps_prior as lower_count,
        perhaps_prior as upper_count,
        0 as facts
    from disqualifier_counts
    where kind in ('super_strike', 'pc_290')
    union all
    select
        conviction_key,
        case kind
            when 'perhaps_super_strike' then 'earlier_offenses_that_may_be_super_strikes'
            when 'perhaps_pc_290' then 'earlier_offenses_that_may_be_pc_290'
            when 'registration' then 'earlier_registrations'
            when 'failure_to_register' then 'earlier_failures_to_register'
            when 'juvenile_finding' then 'earlier_juvenile_findings'
        end as measure,
        not_later as lower_count,
        not_later as upper_count,
        0 as facts
    from disqualifier_counts
    where
        kind in (
            'perhaps_super_strike', 'perhaps_pc_290', 'registration', 'failure_to_register', 'juvenile_finding'
        )
    union all
    select
        conviction_key,
        'earlier_convictions_of_the_same_section__statutory' as measure,
        lower_count,
        upper_count,
        facts
    from same_section

)

select * from final
