with charges as (

    select
        *,
        is_prop_64 or is_prop_64_predecessor as is_cannabis
    from {{ ref('int_charges__read') }}

),

final as (

    select
        charge_text,
        case when names = 'near_miss' then 'no_section' else names end as names,
        case
            when names in ('two_sections', 'not_understood') then null
            when is_cannabis then cannabis_number
            when names = 'section' then other_number
        end as section,
        case when names = 'section' then case when is_cannabis then letter else other_letter end end as subdivision,
        case when names = 'section' then case when is_cannabis then paragraph else other_paragraph end end as paragraph,
        is_attempt,
        is_conspiracy,
        is_accessory,
        is_solicitation
    from charges

)

select * from final
