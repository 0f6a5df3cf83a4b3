with history_rows as (

    select * from {{ ref('int_criminal_history__rows') }}

),

sections as (

    select * from {{ ref('int_criminal_history__offense_sections') }}

),

pairs as (

    select
        charge_text,
        convicted_charge_text
    from history_rows
    where convicted_charge_text is not null
    group by charge_text, convicted_charge_text

),

final as (

    select
        pairs.charge_text,
        pairs.convicted_charge_text,
        charged.code_type as charged_code_type,
        charged.section_numbers as charged_section_numbers,
        charged.subdivisions as charged_subdivisions,
        convicted.code_type as convicted_code_type,
        convicted.section_numbers as convicted_section_numbers,
        convicted.subdivisions as convicted_subdivisions,
        case
            when charged.section_numbers is null and convicted.section_numbers is null then 'cannot_tell'
            when charged.section_numbers is null or convicted.section_numbers is null then 'only_one_known'
            else {{ charged_convicted_difference('charged', 'convicted') }}
        end as charged_convicted_difference
    from pairs
    left join sections as charged on pairs.charge_text = charged.charge_text
    inner join sections as convicted on pairs.convicted_charge_text = convicted.charge_text

)

select * from final
