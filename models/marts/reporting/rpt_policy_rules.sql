with policies as (

    select * from {{ ref('dim_policies') }}

),

rules as (

    select * from {{ ref('int_policies__rules') }}

),

conditions as (

    select * from {{ ref('int_policies__conditions') }}

),

measures as (

    select
        measure,
        title,
        unit
    from {{ ref('relief_measures') }}

),

conditions_in_words as (

    select
        conditions.policy_id,
        conditions.rule_id,
        string_agg(
            coalesce(measures.title, conditions.written_measure)
            || ': '
            || {{ comparison_in_words('conditions.operator', 'conditions.threshold', 'measures.unit') }},
            '; ' order by conditions.written_measure, conditions.operator, conditions.threshold
        ) as conditions,
        bool_or(conditions.if_unknown = 'review') as is_review,
        bool_or(conditions.if_unknown = 'presume_met') as is_presumed_met,
        bool_or(conditions.if_unknown = 'presume_not_met') as is_presumed_not_met
    from conditions
    left join measures on conditions.written_measure = measures.measure
    group by conditions.policy_id, conditions.rule_id

),

decided as (

    select
        policy_id,
        {{ without_reading('conviction_key') }} as conviction_key,
        coalesce(deciding_rule_id, 'cannot tell') as rule_id,
        determination
    from {{ ref('int_policies__determinations') }}

),

counted as (

    select
        decided.policy_id,
        decided.rule_id,
        count(*) as convictions
    from decided
    inner join {{ ref('fct_convictions') }} as convictions on decided.conviction_key = convictions.conviction_key
    group by decided.policy_id, decided.rule_id

),

context as (

    select
        evaluated_as_of_date,
        is_synthetic
    from {{ ref('stg_landing__build_context') }}

),

-- The last line of each policy is for convictions that no rule decides because a fact is missing.
lines as (

    select
        policy_id,
        step,
        rule_id,
        determination,
        reason,
        citation
    from rules
    union all
    select
        policy_id,
        max(step) + 1 as step,
        'cannot tell' as rule_id,
        'Cannot tell' as determination,
        'A missing fact would decide' as reason,
        '' as citation
    from rules
    group by policy_id

),

final as (

    select
        lines.policy_id,
        policies.title as policy_title,
        policies.policy_version,
        policies.source as policy_source,
        policies.variant_of,
        policies.status as policy_status,
        cast(lines.step as integer) as step,
        lines.rule_id,
        lines.determination,
        lines.reason,
        coalesce(conditions_in_words.conditions, '') as conditions,
        coalesce(lines.citation, '') as citation,
        case
            when lines.rule_id = 'cannot tell' then 'an attorney decides'
            when conditions_in_words.conditions is null then 'asks nothing'
            else concat_ws(
                '; ',
                case when conditions_in_words.is_review then 'an attorney decides' end,
                case when conditions_in_words.is_presumed_met then 'presumed to be met' end,
                case when conditions_in_words.is_presumed_not_met then 'presumed not to be met' end
            )
        end as if_unknown,
        coalesce(counted.convictions, 0) as convictions,
        cast(context.evaluated_as_of_date as date) as evaluated_as_of_date,
        context.is_synthetic
    from lines
    inner join policies on lines.policy_id = policies.policy_id
    cross join context
    left join conditions_in_words
        on lines.policy_id = conditions_in_words.policy_id and lines.rule_id = conditions_in_words.rule_id
    left join counted on lines.policy_id = counted.policy_id and lines.rule_id = counted.rule_id

)

select * from final
