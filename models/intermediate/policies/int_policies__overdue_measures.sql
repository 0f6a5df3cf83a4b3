{#
    Measures of a person's record without the records that had to be destroyed by the day of evaluation. Only for people
    who have such a record, or may have one. For everybody else, the twin is the measure itself (int_policies__bounds).
    Only for our own interpretation, because the older tool leaves nothing out.
#}
with destruction as (

    select
        conviction_key,
        destruction_status
    from {{ ref('int_offenses__destruction') }}
    where destruction_status in ('due', 'cannot_tell')

),

convictions as (

    select
        history.history_key,
        history.conviction_date,
        history.level,
        coalesce(destruction.destruction_status = 'due', false) as is_left_out,
        coalesce(destruction.destruction_status = 'cannot_tell', false)
        or (
            coalesce(history.is_disposition_unknown, false)
            and not coalesce(destruction.destruction_status = 'due', false)
        ) as is_perhaps_left_out,
        coalesce(history.is_disposition_unknown, false) as is_disposition_unknown,
        destruction.conviction_key is not null as is_due_or_perhaps,
        history.is_prop_64 and not (history.is_attempt or history.is_conspiracy or history.names_another_section)
            as is_surely_prop_64,
        coalesce(history.is_blank, true) or (
            history.is_prop_64 and (history.is_attempt or history.is_conspiracy or history.names_another_section)
        ) as is_possibly_prop_64
    from {{ ref('int_policies__history_convictions') }} as history
    left join destruction on history.doj_conviction_key = destruction.conviction_key
    where history.reading = 'ours'

),

-- is_kept: the conviction is certainly not left out. is_left: it is not certainly left out.
marked as (

    select
        *,
        not is_left_out and not is_perhaps_left_out as is_kept,
        not is_left_out as is_left,
        not coalesce(is_surely_prop_64, false) as is_not_surely_prop_64,
        coalesce(level, 'felony') = 'felony' as is_possibly_felony
    from convictions

),

records as (

    select
        history_key,
        max(conviction_date) filter (where is_kept) as latest_kept_date,
        max(conviction_date) filter (where is_left) as latest_left_date,
        count(*) filter (where is_left and conviction_date is null) as undated_left,
        count(*) filter (where is_perhaps_left_out) as perhaps_left_out,
        count(*) filter (where is_disposition_unknown) as unclear_convictions,
        max(conviction_date) filter (where is_kept and level = 'felony') as latest_kept_felony_date,
        max(conviction_date) filter (where is_left and is_possibly_felony) as latest_left_felony_date,
        count(*) filter (where is_left and is_possibly_felony and conviction_date is null) as undated_left_felonies,
        count(*) filter (where is_perhaps_left_out and is_possibly_felony) as perhaps_left_out_felonies,
        count(*) filter (where is_left and level is null) as left_of_unknown_level,
        count(*) filter (where is_kept and is_not_surely_prop_64 and not is_possibly_prop_64) as kept_of_others,
        count(*) filter (where is_left and is_not_surely_prop_64) as left_not_surely_prop_64,
        count(*) filter (where is_left and is_not_surely_prop_64 and is_possibly_prop_64) as left_possibly_prop_64,
        count(*) filter (where is_perhaps_left_out and is_not_surely_prop_64) as perhaps_left_out_others
    from marked
    group by history_key
    having bool_or(is_due_or_perhaps)

),

evaluated as (

    select
        evaluated.conviction_key,
        records.*,
        cast(records.latest_kept_date + interval 1 day as date) as day_after_latest_kept_date,
        cast(records.latest_left_date + interval 1 day as date) as day_after_latest_left_date,
        context.evaluated_as_of_date
    from {{ ref('int_policies__evaluated_convictions') }} as evaluated
    inner join records on evaluated.history_key = records.history_key
    cross join {{ ref('stg_landing__build_context') }} as context
    where
        evaluated.reading = 'ours' and evaluated.source = 'ca_doj'
        and (evaluated.is_prop_64 or evaluated.is_prop_64_predecessor)

),

measured as (

    select
        conviction_key,
        -- If no conviction is left, the number of years since the latest one is infinite.
        {% for measure, kept, left, undated, perhaps, level_fact in [
            (
                'years_since_latest_conviction', 'latest_kept_date', 'latest_left_date', 'undated_left',
                'perhaps_left_out', none
            ),
            (
                'years_since_day_after_latest_conviction', 'day_after_latest_kept_date', 'day_after_latest_left_date',
                'undated_left', 'perhaps_left_out', none
            ),
            (
                'years_since_latest_felony_conviction', 'latest_kept_felony_date', 'latest_left_felony_date',
                'undated_left_felonies', 'perhaps_left_out_felonies', 'level'
            ),
        ] %}
        {{ measured(
            measure ~ '__overdue_left_out', 'true',
            'case when ' ~ undated ~ ' > 0 then null when ' ~ left ~ " is null then cast('infinity' as double) else "
            ~ whole_years_between(left, 'evaluated_as_of_date', 'to') ~ ' end',
            'case when ' ~ kept ~ " is null then cast('infinity' as double) else "
            ~ whole_years_between(kept, 'evaluated_as_of_date', 'to') ~ ' end',
            'case when ' ~ undated ~ ' > 0 then ' ~ fact('conviction_date') ~ ' else 0 end'
            ~ (' | case when left_of_unknown_level > 0 then ' ~ fact(level_fact) ~ ' else 0 end' if level_fact else '')
            ~ ' | case when ' ~ perhaps ~ ' > 0 then ' ~ fact('destruction_due') ~ ' else 0 end'
            ~ ' | case when unclear_convictions > 0 then ' ~ fact('disposition') ~ ' else 0 end',
        ) }},
        {% endfor %}
        {{ measured(
            'has_only_prop_64_convictions__overdue_left_out', 'true',
            'case when left_not_surely_prop_64 = 0 then 1 else 0 end',
            'case when kept_of_others = 0 then 1 else 0 end',
            'case when left_possibly_prop_64 > 0 then ' ~ fact('section') ~ ' else 0 end'
            ~ ' | case when perhaps_left_out_others > 0 then ' ~ fact('destruction_due') ~ ' else 0 end'
            ~ ' | case when unclear_convictions > 0 then ' ~ fact('disposition') ~ ' else 0 end',
        ) }}
    from evaluated

),

final as (

    select
        conviction_key,
        {% for measure in overdue_measures() %}
        {% set twin = measure ~ '__overdue_left_out' %}
        {{ twin }}__lower_bound,
        {{ twin }}__upper_bound,
        -- Where both bounds are equal, no fact is missing.
        case when {{ twin }}__lower_bound = {{ twin }}__upper_bound then 0 else {{ twin }}__facts end
            as {{ twin }}__facts{% if not loop.last %},{% endif %}
        {% endfor %}
    from measured

)

select * from final
