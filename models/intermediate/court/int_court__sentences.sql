{% set is_custody = "coalesce(sentence_type, '') in ('jail', 'prison')" %}
{% set is_perhaps_custody = "coalesce(sentence_type, '') not in ('probation', 'fine')" %}
{% set months = "case sentence_unit_code when 'M' then 1 when 'Y' then 12 else 0 end * coalesce(sentence_length, 0)" %}
{% set days = "case sentence_unit_code when 'D' then 1 else 0 end * coalesce(sentence_length, 0)" %}

with sole_defendants as (

    select * from {{ ref('int_court__sole_defendants') }}

),

sentence_words as (

    select * from {{ ref('record_words') }}
    where kind = 'sentence'

),

-- `state prison` is read as prison; an unknown word is kept as written and may mean custody.
sentence_types as (

    select
        raw_types.sentence_type as sentence_type_raw,
        sentence_words.meaning as sentence_type
    from (select distinct sentence_type from {{ ref('stg_la_court__sentences') }}) as raw_types
    inner join sentence_words on trim({{ plain_words('raw_types.sentence_type') }}) = sentence_words.word

),

sentences as (

    select
        staged.* exclude (defendant_number, sentence_type),
        coalesce(sentence_types.sentence_type, staged.sentence_type) as sentence_type,
        coalesce(staged.defendant_number, sole_defendants.defendant_number) as defendant_number
    from {{ ref('stg_la_court__sentences') }} as staged
    left join sole_defendants on staged.case_number = sole_defendants.case_number
    left join sentence_types on staged.sentence_type = sentence_types.sentence_type_raw
    where staged.case_number is not null and staged.count_number is not null

),

shared_numbers as (

    select case_defendant_key from {{ ref('int_court__cases') }}
    where is_number_shared

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

ranked as (

    select
        sentences.*,
        sentences.case_number || '|' || coalesce(sentences.defendant_number, '') as case_defendant_key,
        -- The parts are summed, so they must all come from one delivery: the newest delivery with a sentence part for
        -- the count.
        dense_rank() over (
            partition by sentences.case_number, coalesce(sentences.defendant_number, ''), sentences.count_number
            order by deliveries.as_of_date desc, deliveries.landed_at desc, sentences.delivery_id desc
        ) as delivery_rank
    from sentences
    left join deliveries on sentences.delivery_id = deliveries.delivery_id

),

-- Where two cases share a case number, the sentence may belong to either case, so its length is unknown.
of_known_cases as (

    select
        ranked.* exclude (sentence_length, has_sentence_length),
        case when shared_numbers.case_defendant_key is null then ranked.sentence_length end as sentence_length,
        ranked.has_sentence_length or shared_numbers.case_defendant_key is not null as has_sentence_length
    from ranked
    left join shared_numbers on ranked.case_defendant_key = shared_numbers.case_defendant_key

),

final as (

    select
        case_defendant_key,
        count_number,
        -- Days are counted as in the DOJ's sentences: 30.5 to a month and 366 to a year. A part without length and unit
        -- (a fine) adds no time; one unreadable part makes the sum unknown.
        case
            when
                bool_and(
                    coalesce(sentence_length = 0, false)
                    or (sentence_length is not null and coalesce(sentence_unit_code in ('D', 'M', 'Y'), false))
                    or (not has_sentence_length and sentence_unit_code is null)
                )
                then sum(
                    {{ published_sentence_days('coalesce(sentence_length, 0)', 'sentence_unit_code') }}
                )
        end as sentence_days,
        -- For the calendar: the sum of all parts, and the longest part.
        sum(case sentence_unit_code when 'M' then 1 when 'Y' then 12 else 0 end * coalesce(sentence_length, 0))
            as calendar_months,
        sum(case sentence_unit_code when 'D' then 1 else 0 end * coalesce(sentence_length, 0)) as calendar_days,
        max(case sentence_unit_code when 'M' then 1 when 'Y' then 12 else 0 end * coalesce(sentence_length, 0))
            as longest_months,
        max(case sentence_unit_code when 'D' then 1 else 0 end * coalesce(sentence_length, 0)) as longest_days,
        -- The longest part that is certainly jail or prison, and the sum of all parts that may be jail or prison.
        count(*) filter (where {{ is_perhaps_custody }}) as perhaps_custody_parts,
        bool_and(
            not {{ is_perhaps_custody }}
            or (sentence_length is not null and coalesce(sentence_unit_code in ('D', 'M', 'Y'), false))
        ) as is_custody_readable,
        max({{ months }}) filter (where {{ is_custody }}) as longest_custody_months,
        max({{ days }}) filter (where {{ is_custody }}) as longest_custody_days,
        sum({{ months }}) filter (where {{ is_perhaps_custody }}) as custody_months,
        sum({{ days }}) filter (where {{ is_perhaps_custody }}) as custody_days
    from of_known_cases
    where delivery_rank = 1
    group by case_defendant_key, count_number

)

select * from final
