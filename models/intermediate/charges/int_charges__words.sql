with charge_texts as (

    select charge_text from {{ ref('stg_ca_doj__criminal_history_rows') }}
    where charge_text is not null
    union
    select convicted_charge_text from {{ ref('stg_ca_doj__criminal_history_rows') }}
    where convicted_charge_text is not null
    union
    select convicted_statute from {{ ref('stg_la_court__counts') }}
    where convicted_statute is not null
    union
    select charged_statute from {{ ref('stg_la_court__counts') }}
    where charged_statute is not null

),

words as (

    select * from {{ ref('charge_words') }}
    where word not like '%*'

),

-- Words that begin with a stem are known too: the stem CONSP covers CONSPIRACY and CONSPIRE.
stems as (

    select
        replace(word, '*', '') as stem,
        item
    from {{ ref('charge_words') }}
    where word like '%*'

),

signs as (

    select
        charge_text,
        {{ plain_signs('charge_text') }} as plain_text
    from charge_texts

),

codes as (

    select
        charge_text,
        {{ plain_codes('plain_text') }} as plain_text
    from signs

),

plain as (

    select
        charge_text,
        {{ codes_apart('plain_text') }} as plain_text
    from codes

),

written as (

    select
        charge_text,
        regexp_extract_all({{ plain_numbers('plain_text') }}, '[0-9]+(?:[.][0-9]+)*|[A-Z]+|[^A-Z0-9 ]') as tokens
    from plain

),

tokens as (

    select
        charge_text,
        unnest(tokens) as token,
        generate_subscripts(tokens, 1) as position
    from written

),

beside as (

    select
        charge_text,
        token,
        position,
        lag(token) over of_text as token_before,
        lag(token, 2) over of_text as token_two_before,
        lead(token) over of_text as token_behind
    from tokens
    window of_text as (partition by charge_text order by position)

),

known as (

    select
        beside.*,
        words.kind,
        words.item as word_item,
        stems.item as stem_item,
        row_number() over (
            partition by beside.charge_text, beside.position order by length(stems.stem) desc nulls last
        ) as stem_rank
    from beside
    left join words on beside.token = words.word
    left join stems on words.word is null and starts_with(beside.token, stems.stem)

),

-- A letter directly after a number belongs to the number (653F, 273AB). After a number of five digits, F, M and I are a
-- level instead.
lettered as (

    select
        *,
        coalesce(kind, '') <> 'code'
        and regexp_matches(token_two_before, '^([0-9]|[)]$|[A-Z]$)')
        -- A G in parentheses is a letter; any other G is the unit gram.
        and (coalesce(kind, '') <> 'unit' or (token_before = '(' and token_behind = ')'))
        and not (coalesce(kind, '') in ('level', 'count') and regexp_matches(token_two_before, '^[0-9]{5}'))
            as may_be_letter
    from known
    where stem_rank = 1

),

understood as (

    select
        charge_text,
        position,
        case
            when not regexp_matches(token, '^[A-Z]') then token
            when
                may_be_letter and regexp_matches(token, '^[A-Z]{1,2}$')
                and token_before = '~' and regexp_matches(token_two_before, '^[0-9]')
                then '[' || token || ']'
            when may_be_letter and regexp_matches(token, '^[A-Z]$') and token_before = '(' and token_behind = ')'
                then token
            when nullif(word_item, '') is not null then word_item
            when kind is not null then '-' || kind
            when stem_item is not null then stem_item
            when regexp_matches(token, '^[A-E]$') then token
            else 'w:' || token
        end as item
    from lettered

),

joined as (

    select
        charge_text,
        '  ' || string_agg(item, '  ' order by position) || '  ' as items
    from understood
    group by charge_text

),

counts as (

    select
        charge_text,
        {{ folded_counts('items') }} as items
    from joined

),

letters as (

    select
        charge_text,
        {{ folded_letters('items') }} as items
    from counts

),

paragraphs as (

    select
        charge_text,
        {{ folded_paragraphs('items') }} as items
    from letters

),

final as (

    select
        charge_texts.charge_text,
        coalesce(paragraphs.items, '') as items
    from charge_texts
    left join paragraphs on charge_texts.charge_text = paragraphs.charge_text

)

select * from final
