-- Only this model reads the words of a disposition. A word that belongs to no phrase makes the text unknown.
with disposition_texts as (

    select disposition_text from {{ ref('stg_ca_doj__criminal_history_rows') }}
    where disposition_text is not null
    union
    select upper(disposition_type) as disposition_text from {{ ref('stg_la_court__counts') }}
    where disposition_type is not null

),

phrases as (

    select
        phrase,
        effect
    from {{ ref('disposition_words') }}

),

{{ cut_to_phrases('disposition_texts', 'phrases') }},

-- Only words of the vocabulary are shown, because any other word of the text may be a name.
shown as (

    select
        disposition_text,
        first_position,
        phrase,
        effect
    from kept_phrases
    union all
    select
        positions.disposition_text,
        positions.first_position,
        '...' as phrase,
        'unknown' as effect
    from positions
    left join kept_phrases
        on
            positions.disposition_text = kept_phrases.disposition_text
            and positions.first_position >= kept_phrases.first_position
            and positions.first_position < kept_phrases.first_position + kept_phrases.words_taken
    where kept_phrases.disposition_text is null

),

effects as (

    select
        disposition_text,
        sum(case when effect = 'unknown' then 1 else 0 end) as unknown_words,
        {% for effect, column in disposition_effects() %}
        bool_or(effect = '{{ effect }}') as {{ column }},
        {% endfor %}
        string_agg(phrase, ' ' order by first_position) as words_read
    from shown
    group by disposition_text

),

combined as (

    select
        * replace (
            -- If a text also names a sentence, a fine or probation, the court may have vacated that and not the
            -- conviction.
            not names_sentence and (ends or ((perhaps_ends or dismisses) and is_on_appeal)) as ends,
            perhaps_ends or (ends and names_sentence) or (dismisses and names_sentence) as perhaps_ends
        ),
        is_1203_4 or is_earlier_relief as is_relief,
        reduces or reduces_to_infraction or revokes or is_consecutive as modifies,
        diverts or acquits or dismisses or is_not_prosecuted or sustains as is_without_conviction
    from effects

),

final as (

    select
        disposition_texts.disposition_text,
        case
            -- A text of only punctuation has no words, so it is unknown.
            when coalesce(unknown_words, 1) > 0 then 'unknown'
            -- A refused motion changes nothing.
            when denies then case when convicts then 'convicted' else 'nothing' end
            when is_relief and (acquits or diverts or sustains or is_decided_elsewhere) then 'unclear'
            when is_relief then case when convicts then 'convicted' else 'relief' end
            when convicts and (ends or perhaps_ends or is_without_conviction or is_decided_elsewhere) then 'unclear'
            when convicts then 'convicted'
            when ends then case when modifies or diverts or sustains then 'unclear' else 'ended' end
            when perhaps_ends then 'unclear'
            when modifies then case when is_without_conviction then 'unclear' else 'modified' end
            when is_decided_elsewhere then 'unknown'
            when is_without_conviction then 'no_conviction'
            else 'unknown'
        end as disposition_type,
        coalesce(unknown_words, 1) as unknown_words,
        coalesce(words_read, '...') as words_read,
        coalesce(not denies and is_1203_4, false) as is_1203_4,
        coalesce(not denies and is_earlier_relief, false) as is_earlier_relief,
        coalesce(not denies and reduces, false) as reduces,
        coalesce(not denies and reduces_to_infraction, false) as reduces_to_infraction,
        coalesce(not denies and revokes, false) as revokes,
        coalesce(not denies and is_consecutive, false) as is_consecutive,
        coalesce(not denies and dismisses, false) as dismisses,
        coalesce(sustains, false) as sustains,
        coalesce(convicts, false) as convicts
    from disposition_texts
    left join combined on disposition_texts.disposition_text = combined.disposition_text

)

select * from final
