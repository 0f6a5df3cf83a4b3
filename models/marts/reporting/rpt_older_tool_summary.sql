{% set measures = [
    ("'convictions by section'", 'counted_section', 'convictions', "''", 'by_section'),
    ("'felony convictions'", "''", 'felonies', "''", 'whole_file'),
    ("'non-felony convictions'", "''", 'non_felonies', "''", 'whole_file'),
    ("'earliest conviction'", "''", 'earliest_yyyymmdd', "''", 'whole_file'),
    ("'people with convictions'", "''", 'people', "''", 'county_people'),
    (
        "case determination when 'Eligible for Dismissal' then 'dismissals by reason' else 'reductions by reason' end",
        'reason', 'convictions', 'policy_id', 'by_reason'
    ),
    ("'people with relief'", "''", 'people', 'policy_id', 'people'),
    ("'people with no felony left'", "''", 'no_felony_left', 'policy_id', 'people'),
    ("'people with no conviction left'", "''", 'no_conviction_left', 'policy_id', 'people'),
    (
        "'people with no conviction in the last 7 years'", "''", 'no_conviction_last_7_years', 'policy_id', 'people'
    ),
] %}

with history_convictions as (

    select
        history.* replace (
            case history.reading when 'published' then 'ours' else history.reading end as reading,
            {{ without_reading('history.conviction_key') }} as conviction_key
        )
    from {{ ref('int_policies__history_convictions') }} as history
    left join {{ ref('int_published_rules__subjects') }} as published_subjects
        on history.subject_key = published_subjects.subject_key
    where
        history.reading = 'older_tool'
        or (history.reading = 'ours' and published_subjects.subject_key is null)
        -- The older tool's summary is compared with the convictions as the published rules read them.
        or history.reading = 'published'

),

determinations as (

    select * replace ({{ without_reading('conviction_key') }} as conviction_key)
    from {{ ref('int_policies__determinations') }}
    where determination in ('Eligible for Dismissal', 'Eligible for Reduction')

),

older_tool_sections as (

    select
        charge_text,
        matched_text as counted_section
    from {{ ref('int_charges__list_matches') }}
    where list_id = 'cmr_2019_prop_64'

),

read_otherwise as (

    select distinct subject_key from history_convictions
    where reading = 'older_tool'

),

-- Each conviction in the DOJ's file is here twice: as this project counts it, and as the older tool reads the file.
convictions as (

    select
        'ours' as counted_as,
        history_convictions.*,
        sections.counted_section
    from history_convictions
    left join {{ ref('int_comparison__sections') }} as sections
        on history_convictions.charge_text = sections.charge_text and history_convictions.is_prop_64
    where history_convictions.reading = 'ours'
    union all
    select
        'older_tool' as counted_as,
        history_convictions.*,
        older_tool_sections.counted_section
    from history_convictions
    left join older_tool_sections
        on history_convictions.charge_text = older_tool_sections.charge_text and history_convictions.is_prop_64
    left join read_otherwise on history_convictions.subject_key = read_otherwise.subject_key
    where history_convictions.reading = 'older_tool' or read_otherwise.subject_key is null

),

county_convictions as (

    select * from convictions
    where coalesce(is_in_county, false) and counted_section is not null and is_count_order_valid

),

by_section as (

    select
        counted_as,
        counted_section,
        count(*) as convictions,
        sum(case when level = 'felony' then 1 else 0 end) as felonies,
        sum(case when level <> 'felony' then 1 else 0 end) as non_felonies,
        min(conviction_date) as earliest_date
    from county_convictions
    group by counted_as, counted_section

),

whole_file as (

    select
        counted_as,
        sum(felonies) as felonies,
        sum(non_felonies) as non_felonies,
        date_part('year', min(earliest_date)) * 10000
        + date_part('month', min(earliest_date)) * 100
        + date_part('day', min(earliest_date)) as earliest_yyyymmdd
    from by_section
    group by counted_as

),

county_people as (

    select
        counted_as,
        count(distinct history_key) as people
    from county_convictions
    group by counted_as

),

by_reason as (

    select
        county_convictions.counted_as,
        determinations.policy_id,
        determinations.determination,
        determinations.reason,
        count(*) as convictions
    from county_convictions
    inner join determinations on county_convictions.conviction_key = determinations.conviction_key
    group by
        county_convictions.counted_as, determinations.policy_id, determinations.determination, determinations.reason

),

people_with_relief as (

    select distinct
        convictions.counted_as,
        determinations.policy_id,
        convictions.history_key
    from convictions
    inner join determinations on convictions.conviction_key = determinations.conviction_key

),

-- All convictions of these people, in any county and for any offense. A dismissal removes the conviction; a reduction
-- removes only the felony.
histories as (

    select
        people.counted_as,
        people.policy_id,
        people.history_key,
        convictions.level,
        convictions.conviction_date,
        determinations.conviction_key is not null as is_relieved,
        coalesce(determinations.determination = 'Eligible for Dismissal', false) as is_dismissed,
        {{ whole_years_between('convictions.conviction_date', 'context.evaluated_as_of_date', anchor='to') }} < 7
            as is_in_last_7_years
    from people_with_relief as people
    cross join {{ ref('stg_landing__build_context') }} as context
    inner join convictions
        on people.counted_as = convictions.counted_as and people.history_key = convictions.history_key
    left join determinations
        on
            people.policy_id = determinations.policy_id
            and convictions.conviction_key = determinations.conviction_key

),

-- Only sure outcomes are counted. A person is left out if an unknown level or date could decide the outcome.
outcomes as (

    select
        counted_as,
        policy_id,
        history_key,
        bool_or(level = 'felony') and not bool_or(coalesce(level, 'felony') = 'felony' and not is_relieved)
            as has_no_felony_left,
        not bool_or(not is_dismissed) as has_no_conviction_left,
        bool_or(is_in_last_7_years) and not bool_or(coalesce(is_in_last_7_years, true) and not is_dismissed)
            as has_no_conviction_in_last_7_years
    from histories
    group by counted_as, policy_id, history_key

),

people as (

    select
        counted_as,
        policy_id,
        count(*) as people,
        sum(case when has_no_felony_left then 1 else 0 end) as no_felony_left,
        sum(case when has_no_conviction_left then 1 else 0 end) as no_conviction_left,
        sum(case when has_no_conviction_in_last_7_years then 1 else 0 end) as no_conviction_last_7_years
    from outcomes
    group by counted_as, policy_id

),

measures as (

    {% for measure, item, counted, policy_id, relation in measures %}
    select
        {{ policy_id }} as policy_id,
        counted_as,
        {{ measure }} as measure,
        {{ item }} as item,
        {{ counted }} as counted
    from {{ relation }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        policy_id,
        counted_as,
        measure,
        item,
        cast(counted as bigint) as counted
    from measures

)

select * from final
