{# Measures decided by the end of a sentence: `= 1` is met while it is served, and not met once it has ended. #}
{% set served = [
    'is_sentence_unfinished__parts_in_turn', 'is_sentence_unfinished__parts_together', 'is_unfinished_sentence_missing',
] %}
{% set is_served = "measure in ('" ~ served | join("', '") ~ "')" %}

-- For a conviction that a policy resentences today: the answer of the policy once the sentence has ended.
with resentenced as (

    select
        conviction_key as evaluated_key,
        {{ without_reading('conviction_key') }} as conviction_key,
        policy_id,
        deciding_rule_id
    from {{ ref('int_policies__determinations') }}
    where determination = 'Eligible for Resentencing'

),

rules as (

    select * from {{ ref('int_policies__rules') }}

),

asked as (

    select
        policy_id || '.' || rule_id as criterion_id,
        bool_or({{ is_served }} and operator = '=' and threshold = 1) as needs_serving,
        bool_or(contains(measure, 'sentence')) as is_about_a_sentence
    from {{ ref('int_policies__conditions') }}
    group by policy_id, rule_id

),

-- The rules after the deciding rule. A rule with any other condition about a sentence has an unknown outcome, because
-- it would need a new evaluation.
walked as (

    select
        resentenced.evaluated_key,
        resentenced.conviction_key,
        resentenced.policy_id,
        rules.step,
        rules.rule_id,
        rules.determination,
        rules.reason,
        rules.citation,
        rules.legal_ground,
        case
            when rules.criterion_id is null then true
            when asked.needs_serving then false
            when asked.is_about_a_sentence then null
            when criteria.conviction_key is null then false
            else criteria.outcome
        end as outcome
    from resentenced
    inner join rules as deciding
        on resentenced.policy_id = deciding.policy_id and resentenced.deciding_rule_id = deciding.rule_id
    inner join rules on resentenced.policy_id = rules.policy_id and deciding.step < rules.step
    left join asked on rules.criterion_id = asked.criterion_id
    left join {{ ref('int_policies__criteria_met') }} as criteria
        on resentenced.evaluated_key = criteria.conviction_key and rules.criterion_id = criteria.criterion_id

),

first_met as (

    select
        evaluated_key,
        policy_id,
        min(step) as step
    from walked
    where outcome
    group by evaluated_key, policy_id

),

answered as (

    select walked.*
    from walked
    inner join first_met
        on
            walked.evaluated_key = first_met.evaluated_key
            and walked.policy_id = first_met.policy_id
            and walked.step = first_met.step

),

-- There is no answer where an earlier rule has an unknown outcome and a different determination.
unsure as (

    select distinct
        answered.evaluated_key,
        answered.policy_id
    from answered
    inner join walked
        on
            answered.evaluated_key = walked.evaluated_key
            and answered.policy_id = walked.policy_id
            and answered.step > walked.step
    where walked.outcome is null and walked.determination <> answered.determination

),

final as (

    select
        answered.conviction_key,
        answered.policy_id,
        answered.rule_id,
        answered.determination,
        answered.reason,
        answered.citation,
        answered.legal_ground
    from answered
    left join unsure
        on answered.evaluated_key = unsure.evaluated_key and answered.policy_id = unsure.policy_id
    where unsure.evaluated_key is null

)

select * from final
