with charges as (

    select * from {{ ref('int_charges__read') }}

),

final as (

    select
        charge_text,
        case
            -- Subdivisions are not compared, because sources write them differently; the order of the counts
            -- distinguishes counts of one section.
            when section is not null then section || ' HS'
            when is_prop_64 or is_prop_64_predecessor
                then concat_ws(
                    ' ',
                    case when is_attempt then 'attempt' end,
                    case when is_conspiracy then 'conspiracy' end,
                    case when names_11357 then '11357' end,
                    case when names_11358 then '11358' end,
                    case when names_11359 then '11359' end,
                    case when names_11360 then '11360' end,
                    case when is_prop_64_predecessor then cannabis_number end,
                    'HS'
                )
            else first_number || coalesce(' ' || code_type, '')
        end as charge_identity
    from charges

)

select * from final
