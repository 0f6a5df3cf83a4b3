-- The columns that the older tool prints beside a conviction, except the answer. These columns do not depend on the
-- policy.
with evaluated as (

    select
        conviction_key,
        subject_key,
        delivery_id,
        row_no,
        case_number,
        conviction_date
    from {{ ref('int_policies__evaluated_convictions') }}
    where
        reading in ('ours', 'published') and source = 'ca_doj'
        and (is_prop_64 or is_prop_64_predecessor or is_related)

),

people as (

    select * from {{ ref('int_comparison__people') }}

),

possible_charges as (

    select * from {{ ref('int_comparison__possible_charges') }}

),

context as (

    select evaluated_as_of_date from {{ ref('stg_landing__build_context') }}

),

final as (

    select
        evaluated.conviction_key,
        evaluated.delivery_id,
        evaluated.row_no,
        coalesce(evaluated.case_number, '') as case_number,
        cast(people.n_convictions_on_record as varchar) as n_convictions_on_record,
        coalesce(possible_charges.possible_other_p64_charges, '') as possible_other_p64_charges,
        -- Empty where the date is unknown; the columns that are computed from the date are empty then too.
        case
            when evaluated.conviction_date is null then ''
            when evaluated.conviction_date > cast('2016-11-09' as date) then 'Y'
            else 'N'
        end as occurred_after_2016_11_09,
        people.superstrike_code_sections,
        people.pc290_code_sections,
        case when people.has_pc290_registration then 'Yes' else '-' end as pc290_registration,
        coalesce(strftime(evaluated.conviction_date, '%m/%d/%Y'), '') as date_of_conviction,
        coalesce(
            format(
                '{:.1f}', datediff('day', evaluated.conviction_date, context.evaluated_as_of_date) / 365.25
            ), ''
        ) as years_since_this_conviction,
        -- A conviction with an unknown date may be the latest.
        case
            when people.undated_convictions > 0 then ''
            else
                format(
                    '{:.1f}', datediff('day', people.latest_conviction_date, context.evaluated_as_of_date) / 365.25
                )
        end as years_since_any_conviction,
        cast(people.n_prop_64_convictions as varchar) as n_prop_64_convictions,
        cast(people.n_hs_11357_convictions as varchar) as n_hs_11357_convictions,
        cast(people.n_hs_11358_convictions as varchar) as n_hs_11358_convictions,
        cast(people.n_hs_11359_convictions as varchar) as n_hs_11359_convictions,
        cast(people.n_hs_11360_convictions as varchar) as n_hs_11360_convictions,
        case when people.is_deceased then 'Deceased' else '-' end as deceased
    from evaluated
    cross join context
    inner join people on evaluated.subject_key = people.subject_key
    left join possible_charges
        on evaluated.delivery_id = possible_charges.delivery_id and evaluated.row_no = possible_charges.row_no

)

select * from final
