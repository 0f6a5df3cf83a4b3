-- There are many millions of pairs of a conviction and a criterion. So each comparison is made only once per conviction
-- and stored as a bit, and a criterion is a mask of bits. Only the few pairs that depend on an unknown fact are joined
-- with measures and grouped (docs/decisions/0047-criteria-are-masks-of-bits.md).
with evaluated as (

    select
        *,
        row_number() over (order by conviction_key) as conviction_number
    from {{ ref('int_policies__evaluated_convictions') }}

),

measures as (

    {{ measures_with_twins() }}

),

conditions as (

    select
        policy_id,
        rule_id,
        measure,
        operator,
        threshold,
        if_unknown
    from {{ ref('policy_conditions') }}
    union all
    select
        policy_id,
        rule_id,
        measure,
        operator,
        threshold,
        if_unknown
    from {{ ref('stg_landing__added_policy_conditions') }}

),

-- The kinds of convictions that the policies with this criterion evaluate.
criteria as (

    select
        criterion_id,
        row_number() over (order by criterion_id) as criterion_number,
        bool_or(offense_scope <> 'statute') as with_prop_64,
        bool_or(offense_scope = 'statute') as with_statute,
        bool_or(offense_scope = 'prop_64_and_predecessors') as with_predecessors,
        bool_or(offense_scope = 'prop_64_and_related') as with_related,
        bool_or((';' || evaluates_sources || ';') like '%;ca_doj;%') as with_doj,
        bool_or((';' || evaluates_sources || ';') like '%;la_court;%') as with_court,
        -- Policies that differ in a parameter can share a criterion: one policy may have been written with the
        -- condition into which the parameter turns the other policy's condition. Changing such a condition again has no
        -- effect.
        bool_or(overdue_records = 'left_out') as is_left_out,
        bool_or(unknown_plants = 'more_than_six') as is_more_plants
    from {{ ref('int_policies__rules') }}
    where criterion_id is not null
    group by criterion_id

),

asked as (

    select
        criteria.criterion_number,
        {{ asked_measure('conditions.measure', 'criteria.is_left_out') }} as measure,
        conditions.operator,
        conditions.threshold,
        {{ asked_if_unknown(
            'conditions.measure', 'conditions.threshold', 'conditions.if_unknown', 'criteria.is_more_plants',
        ) }} as if_unknown,
        count(*) over (order by criteria.criterion_number) as conditions_so_far
    from criteria
    inner join conditions
        on criteria.criterion_id = conditions.policy_id || '.' || conditions.rule_id

),

-- The bits of the criteria are packed into words, each a bigint of 63 bits. A word takes 32 conditions, and then the
-- rest of the rule that it has begun; a rule has at most 30 conditions (relief policy check enforces this), so that 62
-- bits are enough.
words as (

    select distinct
        criterion_number,
        floor((conditions_so_far - 1) / 32) as word_no
    from asked

),

comparisons as (

    select
        words.word_no,
        asked.measure,
        asked.operator,
        asked.threshold,
        asked.if_unknown,
        cast(
            power(
                2,
                row_number() over (
                    partition by words.word_no
                    order by asked.measure, asked.operator, asked.threshold, asked.if_unknown
                ) - 1
            ) as bigint
        ) as bit
    from asked
    inner join words on asked.criterion_number = words.criterion_number
    group by words.word_no, asked.measure, asked.operator, asked.threshold, asked.if_unknown

),

criterion_bits as (

    select
        asked.criterion_number,
        comparisons.word_no,
        comparisons.measure,
        comparisons.if_unknown,
        comparisons.bit
    from asked
    inner join words on asked.criterion_number = words.criterion_number
    inner join comparisons
        on
            words.word_no = comparisons.word_no
            and asked.measure = comparisons.measure
            and asked.operator = comparisons.operator
            and asked.threshold = comparisons.threshold
            and asked.if_unknown = comparisons.if_unknown

),

masks as (

    select
        criterion_number,
        word_no,
        bit_or(bit) as asked_bits,
        bit_or(case when if_unknown = 'presume_met' then bit else 0 end) as presumed_met_bits,
        bit_or(case when if_unknown = 'presume_not_met' then bit else 0 end) as presumed_not_met_bits
    from criterion_bits
    group by criterion_number, word_no

),

bounds as (

    select
        conviction_key,
        measure,
        coalesce(lower_bound, cast('-infinity' as double)) as lowest,
        coalesce(upper_bound, cast('infinity' as double)) as highest
    from measures

),

-- A comparison certainly holds if it holds for every possible value of the measure, and certainly fails if it holds for
-- none.
compared as (

    select
        evaluated.conviction_number,
        comparisons.word_no,
        bit_or(
            case
                when {{ surely_holds('comparisons.operator', 'lowest', 'highest', 'comparisons.threshold') }}
                    then comparisons.bit
                else 0
            end
        ) as holding_bits,
        bit_or(
            case
                when {{ surely_fails('comparisons.operator', 'lowest', 'highest', 'comparisons.threshold') }}
                    then comparisons.bit
                else 0
            end
        ) as failing_bits
    from bounds
    inner join comparisons on bounds.measure = comparisons.measure
    inner join evaluated on bounds.conviction_key = evaluated.conviction_key
    group by evaluated.conviction_number, comparisons.word_no

),

word_numbers as (

    select distinct word_no
    from masks

),

-- Each conviction is combined with each word, even if the conviction has none of the measures in the word.
answered as (

    select
        evaluated.conviction_number,
        word_numbers.word_no,
        evaluated.source,
        evaluated.is_prop_64,
        evaluated.is_of_the_statute,
        evaluated.is_prop_64_predecessor,
        evaluated.is_related,
        coalesce(compared.holding_bits, 0) as holding_bits,
        coalesce(compared.failing_bits, 0) as failing_bits
    from evaluated
    cross join word_numbers
    left join compared
        on evaluated.conviction_number = compared.conviction_number and word_numbers.word_no = compared.word_no

),

pairs as (

    select
        answered.conviction_number,
        masks.criterion_number,
        masks.asked_bits,
        masks.presumed_met_bits,
        masks.presumed_not_met_bits,
        answered.holding_bits & masks.asked_bits as holding_bits,
        answered.failing_bits & masks.asked_bits as failing_bits
    from answered
    inner join masks on answered.word_no = masks.word_no
    inner join criteria on masks.criterion_number = criteria.criterion_number
    where
        (
            (criteria.with_prop_64 and answered.is_prop_64)
            or (criteria.with_statute and answered.is_of_the_statute)
            or (criteria.with_predecessors and answered.is_prop_64_predecessor)
            or (criteria.with_related and answered.is_related)
        )
        and case when answered.source = 'ca_doj' then criteria.with_doj else criteria.with_court end

),

known as (

    select
        *,
        asked_bits - holding_bits - failing_bits as unknown_bits
    from pairs

),

-- A criterion is not met if any condition is not met. If all other conditions are met and some are unknown, the
-- criterion is unknown.
met as (

    select
        conviction_number,
        criterion_number,
        case
            when failing_bits > 0 or (unknown_bits & presumed_not_met_bits) > 0 then false
            when holding_bits + (unknown_bits & presumed_met_bits) = asked_bits then true
        end as outcome,
        -- A presumption matters only where no other condition certainly fails.
        case when failing_bits = 0 then unknown_bits else 0 end as unknown_bits
    from known

),

facts as (

    select
        met.conviction_number,
        met.criterion_number,
        bit_or(case when criterion_bits.if_unknown = 'review' then measures.facts else 0 end) as unknown_facts,
        bit_or(case when criterion_bits.if_unknown <> 'review' then measures.facts else 0 end) as assumed_facts
    from met
    inner join criterion_bits
        on met.criterion_number = criterion_bits.criterion_number and (met.unknown_bits & criterion_bits.bit) > 0
    inner join evaluated on met.conviction_number = evaluated.conviction_number
    inner join measures
        on evaluated.conviction_key = measures.conviction_key and criterion_bits.measure = measures.measure
    where met.unknown_bits > 0
    group by met.conviction_number, met.criterion_number

),

-- A criterion that is certainly not met depends on no unknown fact. No facts are joined to such pairs, which are the
-- most frequent.
surely_not_met as (

    select
        conviction_number,
        criterion_number,
        false as outcome,
        0 as unknown_facts,
        0 as assumed_facts
    from met
    where not outcome and unknown_bits = 0

),

others as (

    select
        met.conviction_number,
        met.criterion_number,
        met.outcome,
        case when met.outcome is null then coalesce(facts.unknown_facts, 0) else 0 end as unknown_facts,
        coalesce(facts.assumed_facts, 0) as assumed_facts
    from met
    left join facts
        on met.conviction_number = facts.conviction_number and met.criterion_number = facts.criterion_number
    where met.outcome is null or met.outcome or met.unknown_bits > 0

),

outcomes as (

    select * from surely_not_met
    union all
    select * from others

),

final as (

    select
        evaluated.conviction_key,
        criteria.criterion_id,
        outcomes.outcome,
        outcomes.unknown_facts,
        outcomes.assumed_facts
    from outcomes
    inner join evaluated on outcomes.conviction_number = evaluated.conviction_number
    inner join criteria on outcomes.criterion_number = criteria.criterion_number

)

select * from final
