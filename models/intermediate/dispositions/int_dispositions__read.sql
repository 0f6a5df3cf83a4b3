-- The only model that looks at the words of a disposition. A word that no phrase of the vocabulary takes makes it unknown.
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

-- The longest phrase that begins at a word takes it; a word that none takes is taken alone.
vocabulary as (

    select
        ' ('
        || string_agg(replace(phrase, ' ', '  '), '|' order by length(phrase) desc, phrase)
        || '|[A-Z0-9]+) ' as pattern
    from phrases

),

written as (

    select
        disposition_text,
        -- Two blanks between words, since a match takes the blanks on both of its sides.
        replace({{ plain_words('disposition_text') }}, ' ', '  ') as words
    from disposition_texts

),

cut as (

    select
        written.disposition_text,
        regexp_extract_all(written.words, vocabulary.pattern, 1) as taken
    from written
    cross join vocabulary

),

taken as (

    select
        disposition_text,
        replace(unnest(taken), '  ', ' ') as phrase
    from cut

),

effects as (

    select
        taken.disposition_text,
        coalesce(sum(case when phrases.phrase is null then 1 else 0 end), 0) as unknown_words
        {%- for effect, column in disposition_effects() %},
        coalesce(bool_or(phrases.effect = '{{ effect }}'), false) as {{ column }}
        {%- endfor %}
    from taken
    left join phrases on taken.phrase = phrases.phrase
    group by taken.disposition_text

),

combined as (

    select
        * replace (
            -- A sentence, a fine or a probation may be vacated as well: then the conviction is not.
            (ends and not names_sentence) or ((perhaps_ends or dismisses) and is_on_appeal and not names_sentence) as ends,
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
            -- Punctuation alone is no word.
            when coalesce(unknown_words, 1) > 0 then 'unknown'
            -- What was refused changes nothing.
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
