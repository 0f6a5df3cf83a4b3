with evaluated as (

    select distinct subject_key
    from {{ ref('int_policies__evaluated_convictions') }}
    where
        reading in ('ours', 'published') and source = 'ca_doj'
        and (is_prop_64 or is_prop_64_predecessor or is_related)

),

deliveries as (

    select
        delivery_id,
        row_number() over (order by landed_at, delivery_id) as delivery_no
    from {{ ref('stg_landing__deliveries') }}

),

literal_convictions as (

    select
        subject_key,
        doj_conviction_key,
        delivery_id,
        row_no,
        cycle_step,
        conviction_date,
        charge_text,
        code_section_text
    from {{ ref('int_published_rules__convictions') }}

),

-- If the older tool finds no conviction of a person, our convictions of the person are counted.
our_convictions as (

    select
        ours.subject_key,
        ours.doj_conviction_key,
        ours.delivery_id,
        ours.row_no,
        ours.cycle_step,
        ours.conviction_date,
        ours.charge_text,
        ours.code_section_text
    from {{ ref('int_convictions__criminal_history') }} as ours
    inner join evaluated on ours.subject_key = evaluated.subject_key
    left join literal_convictions on ours.subject_key = literal_convictions.subject_key
    where literal_convictions.subject_key is null

),

all_convictions as (

    select * from literal_convictions
    union all
    select * from our_convictions

),

convictions as (

    select
        convictions.subject_key,
        convictions.doj_conviction_key,
        convictions.cycle_step,
        convictions.conviction_date,
        convictions.charge_text,
        convictions.code_section_text,
        deliveries.delivery_no * 1000000000000 + convictions.row_no as file_order
    from all_convictions as convictions
    inner join evaluated on convictions.subject_key = evaluated.subject_key
    inner join deliveries on convictions.delivery_id = deliveries.delivery_id

),

counts as (

    select
        convictions.subject_key,
        count(*) as n_convictions_on_record,
        max(convictions.conviction_date) as latest_conviction_date,
        sum(case when convictions.conviction_date is null then 1 else 0 end) as undated_convictions,
        sum(case when sections.counted_section is not null then 1 else 0 end) as n_prop_64_convictions,
        sum(case when sections.counted_section = '11357' then 1 else 0 end) as n_hs_11357_convictions,
        sum(case when sections.counted_section = '11358' then 1 else 0 end) as n_hs_11358_convictions,
        sum(case when sections.counted_section = '11359' then 1 else 0 end) as n_hs_11359_convictions,
        sum(case when sections.counted_section = '11360' then 1 else 0 end) as n_hs_11360_convictions
    from convictions
    left join {{ ref('int_comparison__sections') }} as sections on convictions.charge_text = sections.charge_text
    group by convictions.subject_key

),

listed as (

    select
        convictions.subject_key,
        list_matches.list_id,
        convictions.code_section_text as code_sections,
        1 as kind_order,
        convictions.file_order,
        convictions.file_order as second_order
    from convictions
    inner join {{ ref('int_charges__list_matches') }} as list_matches
        on
            convictions.charge_text = list_matches.charge_text
            and list_matches.list_id in ('cmr_2019_super_strike', 'cmr_2019_pc290')

),

gang_charges as (

    select
        charge_text,
        regexp_matches(code_section_text, '(136[.]1|215|213[(]A[)][(]1[)][(]A[)]|246|519|12022[.]55) PC')
            as is_listed_offense,
        regexp_matches(code_section_text, '186[.]22[(]B[)][(]4[)] PC') as is_gang_enhancement
    from {{ ref('int_charges__parsed') }}

),

-- A listed offense and a gang enhancement of the same step are shown as a pair, after the offenses that are listed
-- alone.
gang_pairs as (

    select
        offense.subject_key,
        'cmr_2019_super_strike' as list_id,
        offense.code_section_text || ' + ' || enhancement.code_section_text as code_sections,
        2 as kind_order,
        offense.file_order,
        enhancement.file_order as second_order
    from convictions as offense
    inner join gang_charges as offense_charges
        on offense.charge_text = offense_charges.charge_text and offense_charges.is_listed_offense
    inner join convictions as enhancement
        on
            offense.subject_key = enhancement.subject_key
            and offense.cycle_step = enhancement.cycle_step
            and offense.doj_conviction_key <> enhancement.doj_conviction_key
    inner join gang_charges as enhancement_charges
        on enhancement.charge_text = enhancement_charges.charge_text and enhancement_charges.is_gang_enhancement

),

all_listed as (

    select * from listed
    union all
    select * from gang_pairs

),

lists as (

    select
        subject_key,
        string_agg(
            case when list_id = 'cmr_2019_super_strike' then code_sections end,
            ';' order by kind_order, file_order, second_order
        ) as superstrike_code_sections,
        string_agg(
            case when list_id = 'cmr_2019_pc290' then code_sections end,
            ';' order by kind_order, file_order, second_order
        ) as pc290_code_sections
    from all_listed
    group by subject_key

),

registrations as (

    select distinct subject_key
    from {{ ref('int_convictions__disqualifiers') }}
    where list_id = 'cmr_2019_pc290' and evidence = '290 registration'

),

final as (

    select
        counts.*,
        coalesce(lists.superstrike_code_sections, '-') as superstrike_code_sections,
        coalesce(lists.pc290_code_sections, '-') as pc290_code_sections,
        registrations.subject_key is not null as has_pc290_registration,
        coalesce(subjects.is_deceased, false) as is_deceased
    from counts
    left join lists on counts.subject_key = lists.subject_key
    left join registrations on counts.subject_key = registrations.subject_key
    left join {{ ref('int_criminal_history__subjects') }} as subjects on counts.subject_key = subjects.subject_key

)

select * from final
