-- The answer of a policy depends only on the comparisons of its rules, and on the facts that leave some of them open.
-- Among more than a hundred thousand convictions only some thousands differ in these.
with evaluated as (

    select * from {{ ref('int_policies__evaluated_convictions') }}

),

numbers as (

    select
        conviction_key,
        conviction_no
    from {{ ref('int_policies__bounds') }}

),

measures as (

    {{ measures_by_row(ref('int_policies__bounds'), 'conviction_no') }}

),

bounds as (

    select
        conviction_no,
        measure,
        coalesce(lower_bound, cast('-infinity' as double)) as lowest,
        coalesce(upper_bound, cast('infinity' as double)) as highest,
        facts
    from measures

),

comparisons as (

    select distinct
        measure,
        operator,
        threshold
    from {{ ref('int_policies__conditions') }}

),

numbered as (

    select
        *,
        row_number() over (order by measure, operator, threshold) as comparison_no
    from comparisons

),

-- Answers are kept as bits of numbers. A number holds 62 bits.
bits as (

    select
        *,
        floor((comparison_no - 1) / 62) as word_no,
        cast(power(2, (comparison_no - 1) % 62) as bigint) as bit
    from numbered

),

answered as (

    select
        bounds.conviction_no,
        bits.word_no,
        bit_or(
            case
                when {{ surely_holds('bits.operator', 'bounds.lowest', 'bounds.highest', 'bits.threshold') }} then bits.bit
                else 0
            end
        ) as met_bits,
        bit_or(
            case
                when {{ surely_fails('bits.operator', 'bounds.lowest', 'bounds.highest', 'bits.threshold') }} then bits.bit
                else 0
            end
        ) as not_met_bits
    from bounds
    inner join bits on bounds.measure = bits.measure
    group by bounds.conviction_no, bits.word_no

),

answers as (

    select
        conviction_no,
        string_agg(word_no || ':' || met_bits || ':' || not_met_bits, ';' order by word_no) as answers
    from answered
    group by conviction_no

),

-- The comparisons that a missing fact leaves open, each with these facts.
left_open as (

    select
        bounds.conviction_no,
        numbered.comparison_no,
        bounds.facts
    from bounds
    inner join numbered on bounds.measure = numbered.measure
    where
        bounds.facts > 0
        and not {{ surely_holds('numbered.operator', 'bounds.lowest', 'bounds.highest', 'numbered.threshold') }}
        and not {{ surely_fails('numbered.operator', 'bounds.lowest', 'bounds.highest', 'numbered.threshold') }}

),

kinds as (

    select distinct
        comparison_no,
        facts
    from left_open

),

numbered_kinds as (

    select
        *,
        row_number() over (order by comparison_no, facts) as kind_no
    from kinds

),

open_bits as (

    select
        left_open.conviction_no,
        floor((numbered_kinds.kind_no - 1) / 62) as word_no,
        bit_or(cast(power(2, (numbered_kinds.kind_no - 1) % 62) as bigint)) as kind_bits
    from left_open
    inner join numbered_kinds
        on left_open.comparison_no = numbered_kinds.comparison_no and left_open.facts = numbered_kinds.facts
    group by left_open.conviction_no, word_no

),

open_facts as (

    select
        conviction_no,
        string_agg(word_no || ':' || kind_bits, ';' order by word_no) as open_facts
    from open_bits
    group by conviction_no

),

final as (

    select
        evaluated.conviction_key,
        min(evaluated.conviction_key) over (
            partition by
                answers.answers,
                open_facts.open_facts,
                -- What decides which policies evaluate the conviction, and whether any rule may decide.
                evaluated.source,
                evaluated.reading,
                evaluated.is_read_as_published,
                evaluated.is_prop_64,
                evaluated.is_prop_64_before_hyphen,
                evaluated.is_prop_64_predecessor,
                evaluated.is_related,
                evaluated.is_of_the_statute,
                evaluated.is_in_county,
                evaluated.is_disposition_unknown
        ) as representative_key
    from evaluated
    left join numbers on evaluated.conviction_key = numbers.conviction_key
    left join answers on numbers.conviction_no = answers.conviction_no
    left join open_facts on numbers.conviction_no = open_facts.conviction_no

)

select * from final
