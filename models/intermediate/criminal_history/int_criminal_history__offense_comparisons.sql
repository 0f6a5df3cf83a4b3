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
            when charged.section_numbers <> convicted.section_numbers then 'different_section'
            -- The same number in two codes: 459 PC and 459 VC.
            when charged.section_numbers not like '%/%' and charged.code_type <> convicted.code_type
                then 'different_section'
            when coalesce(charged.subdivisions, '') = coalesce(convicted.subdivisions, '') then 'same'
            -- 11360 and 11360(A), 11360(A) and 11360(A)(1): the longer says more, which is no contradiction.
            when
                charged.subdivisions is null or convicted.subdivisions is null
                or starts_with(charged.subdivisions, convicted.subdivisions)
                or starts_with(convicted.subdivisions, charged.subdivisions)
                then 'cannot_tell'
            else 'different_subdivision'
        end as charged_convicted_difference
    from pairs
    left join sections as charged on pairs.charge_text = charged.charge_text
    inner join sections as convicted on pairs.convicted_charge_text = convicted.charge_text

)

select * from final
