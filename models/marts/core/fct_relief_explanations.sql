-- This view is queried for one conviction at a time. If a CTE is read twice, DuckDB computes it for every conviction
-- and stores the result. Tables that are needed more than once are therefore views of their own, which DuckDB computes
-- only for the conviction in question.
with rules as (

    select * from {{ ref('int_policies__rules') }}

),

policies as (

    select * from {{ ref('dim_policies') }}

),

measures as (

    select * from {{ ref('int_policies__measures') }}

),

defects as (

    select * from {{ ref('older_tool_defects') }}

),

relief_defects as (

    {{ relief_defects() }}

),

deliveries as (

    select
        delivery_id,
        as_of_date as file_as_of_date
    from {{ ref('stg_landing__deliveries') }}

),

conditions as (

    select * from {{ ref('int_policies__conditions') }}

),

-- Whether any rule of the policy uses facts beyond the conviction itself, such as the person's other convictions.
looking as (

    select
        policy_id,
        bool_or(
            not regexp_matches(
                measure,
                '^(is_felony|conviction_date|starts_|leftmost_|names_|is_completed_|age_at_|years_since_conviction)'
            )
        ) as looks_at_history
    from conditions
    group by policy_id

),

histories as (

    select * from {{ ref('fct_conviction_histories') }}

),

asked as (

    select
        conditions.*,
        coalesce(relief_measures.title, conditions.written_measure)
        || case
            when conditions.measure <> conditions.written_measure
                then ', records that were to be destroyed left out (H&S 11361.5, 11361.7)'
            else ''
        end as title,
        coalesce(relief_measures.unit, '') as unit
    from conditions
    left join {{ ref('relief_measures') }} as relief_measures on conditions.written_measure = relief_measures.measure

),

bounds as (

    select
        outcomes.conviction_key,
        asked.*,
        coalesce(measures.lower_bound, cast('-infinity' as double)) as lowest,
        coalesce(measures.upper_bound, cast('infinity' as double)) as highest
    from {{ ref('fct_relief_criteria') }} as outcomes
    inner join asked on outcomes.policy_id = asked.policy_id and outcomes.rule_id = asked.rule_id
    left join measures
        on
            outcomes.evaluated_key = measures.conviction_key
            and asked.measure = measures.measure

),

compared as (

    select
        *,
        {{ surely_holds('operator', 'lowest', 'highest', 'threshold') }} as surely_holds,
        {{ surely_fails('operator', 'lowest', 'highest', 'threshold') }} as surely_fails
    from bounds

),

found as (

    select
        *,
        {{ comparison_in_words('operator', 'threshold', 'unit') }} as asked_words,
        case
            -- An exact age would reveal the birth date, so the text says no more than the rule needs.
            when measure like 'age_%' and surely_holds then {{ comparison_in_words('operator', 'threshold', 'unit') }}
            when measure like 'age_%' and surely_fails
                then
                    case operator
                        when '>=' then {{ comparison_in_words("'<'", 'threshold', 'unit') }}
                        when '>' then {{ comparison_in_words("'<='", 'threshold', 'unit') }}
                        when '<=' then {{ comparison_in_words("'>'", 'threshold', 'unit') }}
                        when '<' then {{ comparison_in_words("'>='", 'threshold', 'unit') }}
                        else 'not ' || {{ number_in_words('threshold', 'unit') }}
                    end
            when measure like 'age_%' then 'unknown'
            when unit = 'yes or no' and highest = 0 then 'no'
            when unit = 'yes or no' and lowest = 1 then 'yes'
            when unit = 'yes or no' then 'unknown'
            when lowest = cast('infinity' as double) then 'none on record'
            when isinf(lowest) and isinf(highest) then 'unknown'
            when isinf(lowest) then 'at most ' || {{ number_in_words('highest', 'unit') }}
            when isinf(highest) then 'at least ' || {{ number_in_words('lowest', 'unit') }}
            when lowest = highest then {{ number_in_words('lowest', 'unit') }}
            else
                'between '
                || {{ number_in_words('lowest', 'unit') }}
                || ' and '
                || {{ number_in_words('highest', 'unit') }}
        end as found_words,
        case
            when surely_holds or surely_fails then ''
            -- A citation has the form `source: what the source says`; only the source is shown here.
            when if_unknown = 'presume_met' then ', presumed met (' || split_part(citation, ': ', 1) || ')'
            when if_unknown = 'presume_not_met' then ', presumed not met (' || split_part(citation, ': ', 1) || ')'
            else ''
        end as presumed_words
    from compared

),

condition_words as (

    select
        conviction_key,
        policy_id,
        rule_id,
        string_agg(
            title
            || case when unit like '%years' then ' (' || unit || ')' else '' end
            || ': asked '
            || asked_words
            || ', found '
            || found_words
            || presumed_words,
            '; ' order by condition_no
        ) as conditions_in_words,
        -- The facts that the rule found, without the ones it presumed.
        string_agg(
            case
                when presumed_words = ''
                    then
                        '- '
                        || title
                        || case when unit like '%years' then ' (' || unit || ')' else '' end
                        || ': '
                        || found_words
                        || case when unit = 'yes or no' then '' else ' (the rule asks ' || asked_words || ')' end
                        || '.'
            end,
            chr(10) order by condition_no
        ) as facts_found
    from found
    group by conviction_key, policy_id, rule_id

),

walked as (

    select
        outcomes.*,
        rules.determination,
        rules.reason,
        min(case when outcomes.outcome then outcomes.step end) over (
            partition by outcomes.conviction_key, outcomes.policy_id
        ) as first_met_step,
        condition_words.conditions_in_words,
        condition_words.facts_found
    from {{ ref('fct_relief_criteria') }} as outcomes
    inner join rules on outcomes.policy_id = rules.policy_id and outcomes.step = rules.step
    left join condition_words
        on
            outcomes.conviction_key = condition_words.conviction_key
            and outcomes.policy_id = condition_words.policy_id
            and outcomes.rule_id = condition_words.rule_id

),

rule_words as (

    select
        conviction_key,
        policy_id,
        min(first_met_step) as first_met_step,
        max(case when step = first_met_step then facts_found end) as facts_found,
        string_agg(
            cast(step as varchar)
            || '. '
            || coalesce(nullif(reason, ''), replace(rule_id, '_', ' '))
            || ' ('
            || coalesce(nullif(determination, ''), 'no determination')
            || '): '
            || case
                when conditions_in_words is null then 'met, as no condition is asked.'
                when outcome then 'met.'
                when not outcome then 'not met.'
                else 'cannot tell; missing: ' || {{ facts_in_words('unknown_facts') }} || '.'
            end
            || coalesce(' ' || conditions_in_words || '.', '')
            || case
                when step > first_met_step then ' Not reached: rule ' || first_met_step || ' comes first.'
                else ''
            end,
            chr(10) order by step
        ) as rules_in_order,
        string_agg(
            case
                when outcome is null and step < first_met_step
                    then
                        '- rule '
                        || step
                        || ', '
                        || coalesce(nullif(determination, ''), 'no determination')
                        || ' ('
                        || coalesce(nullif(reason, ''), replace(rule_id, '_', ' '))
                        || '); missing: '
                        || {{ facts_in_words('unknown_facts') }}
                        || '.'
            end,
            chr(10) order by step
        ) as unknown_rules,
        -- Rules that are not met because a fact was presumed, each with the answer that it would give otherwise.
        string_agg(
            case
                when not outcome and assumed_facts <> '' and step < first_met_step
                    then
                        '- '
                        || {{ facts_in_words('assumed_facts') }}
                        || ': rule '
                        || step
                        || ', '
                        || coalesce(nullif(determination, ''), 'no determination')
                        || ' ('
                        || reason
                        || ').'
            end,
            chr(10) order by step
        ) as outcomes_presumed_away
    from walked
    group by conviction_key, policy_id

),

defect_words as (

    select
        determinations.conviction_key,
        determinations.policy_id,
        string_agg('- ' || defects.title || ' (' || defects.defect || ').', chr(10) order by defects.defect_no)
            as defects_in_words
    from {{ ref('fct_relief_determinations') }} as determinations
    inner join defects on ';' || determinations.defects || ';' like '%;' || defects.defect || ';%'
    where determinations.defects <> ''
    group by determinations.conviction_key, determinations.policy_id

),

-- Offense and level of the same conduct under today's law. If they depend on the number of plants, both possibilities
-- are given.
redesignation_words as (

    select
        conviction_key,
        string_agg(
            redesignated_to_section
            || case redesignated_to_level when 'infraction' then ', an ' else ', a ' end
            || redesignated_to_level
            || case unknown_plants
                when 'six_or_fewer' then ' (six plants or fewer)'
                when 'more_than_six' then ' (more than six plants)'
                else ''
            end,
            '; ' order by redesignated_to_section
        ) as forms,
        max(section_if_barred) as section_if_barred
    from {{ ref('int_filing__redesignations') }}
    group by conviction_key

),

today_words as (

    select
        classified.conviction_key,
        case
            when statutory_relief.today like 'H&S 11362.1%'
                then
                    'lawful at 21 or older within the limits of '
                    || statutory_relief.today
                    || coalesce('; beyond them ' || redesignation_words.forms, '')
            else
                coalesce(
                    redesignation_words.forms,
                    statutory_relief.today
                    || case statutory_relief.level_today
                        when 'M' then ', a misdemeanor'
                        when 'I' then ', an infraction'
                        else ''
                    end
                )
        end as law_of_today,
        redesignation_words.section_if_barred
    from {{ ref('int_offenses__classified') }} as classified
    inner join {{ ref('statutory_relief') }} as statutory_relief on classified.statute_id = statutory_relief.statute_id
    left join redesignation_words on classified.conviction_key = redesignation_words.conviction_key

),

-- What the deciding rule presumes, and the answer if the presumption were wrong.
presumption_words as (

    select
        determinations.conviction_key,
        determinations.policy_id,
        string_agg(
            '- '
            || {{ facts_in_words('presumptions.fact') }}
            || ': presumed '
            || presumptions.presumed
            || '; if otherwise, '
            || presumptions.otherwise
            || ' ('
            || presumptions.source
            || ').',
            chr(10) order by presumptions.fact
        ) as presumptions_in_words
    from {{ ref('fct_relief_determinations') }} as determinations
    inner join policies on determinations.policy_id = policies.policy_id
    inner join {{ ref('presumptions') }} as presumptions
        on
            coalesce(nullif(policies.variant_of, ''), policies.policy_id) = presumptions.policy_id
            and determinations.deciding_rule_id = presumptions.rule_id
            and ';' || determinations.assumed_facts || ';' like '%;' || presumptions.fact || ';%'
    where determinations.cannot_tell = '' and determinations.decision_key is null
    group by determinations.conviction_key, determinations.policy_id

),

final as (

    select
        determinations.conviction_key,
        determinations.policy_id,
        determinations.determination,
        determinations.reason,
        determinations.deciding_rule_id,
        determinations.citation,
        determinations.cannot_tell,
        rule_words.rules_in_order,
        concat_ws(
            chr(10),
            case when determinations.is_synthetic then 'SYNTHETIC: the person and the record are invented.' end,
            'Under "'
            || policies.title
            || '" (policy '
            || determinations.policy_id
            || ', version '
            || policies.version
            || '): '
            || coalesce(nullif(determinations.determination, ''), 'no determination')
            || '. '
            || case
                when determinations.decision_key is not null
                    then
                        'Decided by '
                        || determinations.decided_by
                        || ' on '
                        || determinations.decided_date
                        || coalesce(
                            ': ' || regexp_replace(determinations.decision_ground, '[.]$', ''), ', no ground given'
                        )
                        || '.'
                when determinations.cannot_tell <> ''
                    then 'It cannot be told; missing: ' || {{ facts_in_words('determinations.cannot_tell') }} || '.'
                else 'Reason: ' || coalesce(nullif(determinations.reason, ''), 'none given') || '.'
            end,
            'Evaluated as of '
            || determinations.evaluated_as_of_date
            || coalesce(', from a file as of ' || deliveries.file_as_of_date, '')
            || '.',
            case
                when determinations.decision_key is not null
                    then
                        'The rules alone answer '
                        || coalesce(nullif(determinations.rule_determination, ''), 'nothing')
                        || coalesce(' (' || nullif(determinations.rule_reason, '') || ')', '')
                        || '. The first that is surely met is rule '
                        || rule_words.first_met_step
                        || ' ('
                        || determinations.citation
                        || ').'
                when determinations.cannot_tell = ''
                    then
                        'Rule '
                        || rule_words.first_met_step
                        || ' decides: the first that is surely met. Source: '
                        || determinations.citation
                        || '.'
                else
                    'No rule decides. The first that is surely met is rule '
                    || rule_words.first_met_step
                    || ' ('
                    || determinations.citation
                    || ')'
                    || case
                        when determinations.cannot_tell = 'county'
                            then '; whether the conviction is of the county evaluated is not known'
                        else ''
                    end
                    || coalesce(
                        '; it cannot be told whether these before it are met:' || chr(10) || rule_words.unknown_rules,
                        '.'
                    )
            end,
            'Legal ground: ' || nullif(determinations.legal_ground, '') || '.',
            case
                when determinations.cannot_tell = '' and determinations.decision_key is null
                    then
                        coalesce(
                            'The deciding rule rests on these facts of the record:'
                            || chr(10)
                            || rule_words.facts_found,
                            'The deciding rule asks no fact of the record'
                            || case when rule_words.first_met_step > 1 then ': no rule before it is met.' else '.' end
                        )
            end,
            -- Presumed facts are shown only where a rule decides, because otherwise they have no effect.
            case
                when determinations.cannot_tell = '' and determinations.assumed_facts <> ''
                    then
                        'Presumed on the way, as the rules cite: '
                        || {{ facts_in_words('determinations.assumed_facts') }}
                        || '.'
            end,
            'The deciding rule rests on this project''s reading of the presumption (H&S 11361.8(b), (f)):'
            || chr(10)
            || presumption_words.presumptions_in_words,
            case
                when determinations.cannot_tell = '' and determinations.decision_key is null
                    then
                        'If a presumption is wrong, an earlier rule may decide:'
                        || chr(10)
                        || rule_words.outcomes_presumed_away
            end,
            -- The section under today's law can depend on the age at the offense. Only policies of the statute use the
            -- age, so only their explanations contain this line.
            case
                when policies.offense_scope = 'statute'
                    then
                        -- The fact that bars relief may also change the offense under today's law. In that case the
                        -- rule cites the section of the changed offense.
                        case
                            when
                                determinations.determination = 'Not eligible'
                                and contains(determinations.citation, substr(today_words.section_if_barred, 5))
                                then
                                    'With what the deciding rule names, the same conduct is by the law of today '
                                    || today_words.section_if_barred
                                    || ', a misdemeanor or a felony; without it: '
                            when determinations.determination = 'Not eligible'
                                then 'Without what the deciding rule names, the same conduct by the law of today: '
                            else 'The same conduct by the law of today: '
                        end
                        || today_words.law_of_today
                        || '.'
            end,
            case
                when
                    determinations.cannot_tell = ''
                    and determinations.unknown_facts <> ''
                    and determinations.decision_key is null
                    then
                        'Also missing, which changes nothing here: '
                        || {{ facts_in_words('determinations.unknown_facts') }}
                        || '.'
            end,
            case
                when defect_words.defects_in_words is not null
                    then
                        'The older tool (Clear My Record) '
                        || case
                            when relief_defects.older_tool_determination is null then 'does not evaluate this row'
                            when
                                relief_defects.older_tool_determination = determinations.determination
                                and relief_defects.older_tool_reason = determinations.reason
                                then 'answers the same'
                            else
                                'answers '
                                || coalesce(nullif(relief_defects.older_tool_determination, ''), 'nothing')
                                || coalesce(' (' || nullif(relief_defects.older_tool_reason, '') || ')', '')
                        end
                        || case
                            when
                                relief_defects.older_tool_determination = determinations.determination
                                and relief_defects.older_tool_reason = determinations.reason
                                then '; the answer would be another without this:'
                            else ', because:'
                        end
            end,
            defect_words.defects_in_words,
            'This determination changes no record: only a court''s signed order does.'
        ) as explanation,
        coalesce(looking.looks_at_history, false) as looks_at_history,
        concat_ws(
            chr(10),
            histories.other_rows,
            histories.later_rows,
            histories.list_membership,
            case
                when looking.looks_at_history
                    then
                        concat_ws(
                            chr(10),
                            histories.other_convictions,
                            histories.unreadable_convictions,
                            histories.registrations_and_deaths
                        )
                else 'No rule asked looks at another conviction of the person.'
            end,
            histories.ended_convictions
        ) as history,
        determinations.evaluated_as_of_date,
        cast(deliveries.file_as_of_date as date) as file_as_of_date,
        determinations.is_synthetic
    from {{ ref('fct_relief_determinations') }} as determinations
    inner join policies on determinations.policy_id = policies.policy_id
    inner join rule_words
        on
            determinations.conviction_key = rule_words.conviction_key
            and determinations.policy_id = rule_words.policy_id
    left join looking on determinations.policy_id = looking.policy_id
    left join histories on determinations.conviction_key = histories.conviction_key
    left join deliveries on determinations.delivery_id = deliveries.delivery_id
    left join presumption_words
        on
            determinations.conviction_key = presumption_words.conviction_key
            and determinations.policy_id = presumption_words.policy_id
    left join today_words on determinations.conviction_key = today_words.conviction_key
    left join defect_words
        on
            determinations.conviction_key = defect_words.conviction_key
            and determinations.policy_id = defect_words.policy_id
    left join relief_defects
        on
            determinations.delivery_id = relief_defects.delivery_id
            and determinations.row_no = relief_defects.row_no
            and determinations.policy_id = relief_defects.policy_id

)

select * from final
