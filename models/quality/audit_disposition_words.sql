-- Lists the words that are not in the vocabulary, and the dispositions that the vocabulary marks as unclear. The texts
-- stay in the office.
with dispositions as (

    select * from {{ ref('int_dispositions__read') }}

),

step_types as (

    select * from {{ ref('int_dispositions__step_types') }}

),

history_rows as (

    select * from {{ ref('stg_ca_doj__criminal_history_rows') }}

),

court_counts as (

    select * from {{ ref('stg_la_court__counts') }}

),

record_words as (

    select * from {{ ref('record_words') }}

),

-- Rows of arrests, registrations and custody contain no disposition and are left out.
doj_dispositions as (

    select
        history_rows.disposition_text as text_written,
        history_rows.delivery_id,
        history_rows.row_no
    from history_rows
    left join step_types on history_rows.step_type = step_types.step_type
    where
        history_rows.disposition_text is not null
        and coalesce(step_types.step_kind, 'court_action') in ('court_action', 'prosecutor', 'other')

),

disposition_rows as (

    select
        'ca_doj' as source,
        rows_written.*
    from doj_dispositions as rows_written
    union all
    select
        'la_court' as source,
        upper(disposition_type) as text_written,
        delivery_id,
        row_no
    from court_counts
    where disposition_type is not null

),

unknown_dispositions as (

    select
        disposition_rows.source,
        case
            when dispositions.unknown_words > 0 then 'disposition_word_unknown'
            else 'disposition_unclear'
        end as finding,
        disposition_rows.text_written,
        disposition_rows.delivery_id,
        disposition_rows.row_no
    from disposition_rows
    inner join dispositions on disposition_rows.text_written = dispositions.disposition_text
    where dispositions.disposition_type in ('unknown', 'unclear')

),

other_words as (

    select
        'ca_doj' as source,
        'step_type' as kind,
        step_type as text_written,
        delivery_id,
        row_no
    from history_rows
    union all
    select
        'ca_doj' as source,
        'level' as kind,
        conviction_level_raw as text_written,
        delivery_id,
        row_no
    from history_rows
    union all
    select
        'ca_doj' as source,
        'sentence' as kind,
        upper(sentence_place_name) as text_written,
        delivery_id,
        row_no
    from {{ ref('stg_ca_doj__row_details') }}
    where sentence_place_name is not null
    union all
    select
        'la_court' as source,
        'level' as kind,
        level_raw as text_written,
        delivery_id,
        row_no
    from court_counts
    union all
    select
        'la_court' as source,
        'plea' as kind,
        plea_type as text_written,
        delivery_id,
        row_no
    from court_counts
    union all
    select
        'la_court' as source,
        'sentence' as kind,
        upper(sentence_type) as text_written,
        delivery_id,
        row_no
    from {{ ref('stg_la_court__sentences') }}

),

texts as (

    select
        kind,
        text_written,
        trim({{ plain_words('text_written') }}) as word
    from (
        select distinct
            kind,
            text_written
        from other_words
    ) as written
    where {{ has_content('text_written') }}

),

-- The few unknown texts are found first, and then the rows that contain them.
unknown_texts as (

    select
        texts.kind,
        texts.text_written
    from texts
    left join record_words on texts.kind = record_words.kind and texts.word = record_words.word
    where record_words.word is null

),

unknown_words as (

    select
        other_words.source,
        other_words.kind || '_word_unknown' as finding,
        other_words.text_written,
        other_words.delivery_id,
        other_words.row_no
    from other_words
    inner join unknown_texts
        on other_words.kind = unknown_texts.kind and other_words.text_written = unknown_texts.text_written

),

found as (

    select * from unknown_dispositions
    union all
    select * from unknown_words

),

final as (

    select
        source,
        finding,
        text_written,
        cast(count(*) as bigint) as rows,
        cast(count(distinct delivery_id) as bigint) as deliveries,
        -- The delivery and row number of the first row with the text; the contents of the row are not repeated.
        min_by(delivery_id, row_no) || ':' || cast(min(row_no) as varchar) as first_row
    from found
    group by source, finding, text_written

)

select * from final
