with evaluated as (

    select * from {{ ref('int_policies__evaluated_convictions') }}
    where source = 'ca_doj' and (is_prop_64 or is_prop_64_predecessor)

),

disqualifiers as (

    select * from {{ ref('int_policies__history_disqualifiers') }}

),

other_convictions as (

    select * from {{ ref('int_policies__history_convictions') }}

),

-- Whether each piece of evidence is dated before each evaluated conviction of the same person. NULL means that this is
-- unknown.
dated_evidence as (

    select
        evaluated.conviction_key,
        disqualifiers.list_id,
        disqualifiers.is_certain,
        disqualifiers.evidence_date < evaluated.conviction_date as is_earlier,
        case
            when disqualifiers.evidence_date is not null then 0
            when disqualifiers.list_id = 'cmr_2019_pc290' then {{ fact('registration_date') }}
            else {{ fact('strike_date') }}
        end
        | case when evaluated.conviction_date is null then {{ fact('conviction_date') }} else 0 end
        | case
            when disqualifiers.is_certain then 0
            when disqualifiers.is_conviction_unclear then {{ fact('disposition') }}
            else {{ fact('section') }}
        end as facts
    from evaluated
    inner join disqualifiers
        on
            evaluated.history_key = disqualifiers.history_key
            and evaluated.conviction_key <> coalesce(disqualifiers.conviction_key, '')

),

disqualifier_counts as (

    select
        conviction_key,
        list_id,
        sum(case when is_certain and is_earlier then 1 else 0 end) as lower_count,
        sum(case when coalesce(is_earlier, true) then 1 else 0 end) as upper_count,
        bit_or(
            case
                when coalesce(is_earlier, true) and not (is_certain and coalesce(is_earlier, false)) then facts
                else 0
            end
        ) as facts
    from dated_evidence
    group by conviction_key, list_id

),

dated_priors as (

    select
        evaluated.conviction_key,
        other_convictions.conviction_date < evaluated.conviction_date as is_earlier,
        case
            when other_convictions.is_blank then null
            when not other_convictions.is_prop_64 then false
            when other_convictions.is_attempt or other_convictions.is_conspiracy then null
            when other_convictions.names_another_section then null
            when evaluated.is_section_unknown then null
            else other_convictions.first_five_characters = evaluated.first_five_characters
        end as is_same_section,
        case
            when evaluated.conviction_date is null or other_convictions.conviction_date is null
                then {{ fact('conviction_date') }}
            else 0
        end
        | case when other_convictions.is_disposition_unknown then {{ fact('disposition') }} else 0 end as date_facts,
        not coalesce(other_convictions.is_disposition_unknown, false) as is_surely_convicted
    from evaluated
    inner join other_convictions
        on
            evaluated.history_key = other_convictions.history_key
            and evaluated.conviction_key <> other_convictions.conviction_key

),

prior_counts as (

    select
        conviction_key,
        sum(case when is_earlier and is_same_section and is_surely_convicted then 1 else 0 end) as lower_count,
        sum(case when coalesce(is_earlier, true) and coalesce(is_same_section, true) then 1 else 0 end) as upper_count,
        bit_or(
            case
                when not (coalesce(is_earlier, true) and coalesce(is_same_section, true)) then 0
                else date_facts | case when is_same_section is null then {{ fact('section') }} else 0 end
            end
        ) as facts
    from dated_priors
    group by conviction_key

),

final as (

    select
        conviction_key,
        case list_id
            when 'cmr_2019_super_strike' then 'earlier_super_strikes__cmr_2019'
            when 'cmr_2019_pc290' then 'earlier_pc_290__cmr_2019'
        end as measure,
        lower_count,
        upper_count,
        facts
    from disqualifier_counts
    union all
    select
        conviction_key,
        'earlier_prop_64_same_section' as measure,
        lower_count,
        upper_count,
        facts
    from prior_counts

)

select * from final
