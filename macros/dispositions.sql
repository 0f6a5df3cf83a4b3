{#
    A text in the form in which it is split into words: upper case, blanks for punctuation, a blank between digits and
    letters, and one word for a length of time (90 DAYS, 3 YRS) or the number of a count. It has a blank at both ends.
#}
{% macro plain_words(column) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(
                ' '
                || regexp_replace(
                    trim(
                        regexp_replace(
                            replace(replace(upper({{ column }}), '''', ''), '’', ''), '[^A-Z0-9]+', ' ', 'g'
                        )
                    ),
                    '([0-9])([A-Z])|([A-Z])([0-9])', '\1\3 \2\4', 'g'
                )
                || ' ',
                ' [0-9]{1,4} (DAYS?|DS|D|MONTHS?|MOS?|M|YEARS?|YRS?|Y|HOURS?|HRS?)( |$)', ' TERM ', 'g'
            ),
            ' (COUNTS?|CTS?|NO) [0-9]{1,3} ', ' COUNT ', 'g'
        ),
        '^ +$', ''
    )
{%- endmacro %}


{# The effects that a disposition may have, in the order of the columns of int_dispositions__read: the effect in the
seed and its column. #}
{% macro disposition_effects() -%}
    {{ return([
        ('convicts', 'convicts'), ('ends_conviction', 'ends'), ('perhaps_ends', 'perhaps_ends'),
        ('on_appeal', 'is_on_appeal'), ('relief_1203_4', 'is_1203_4'), ('earlier_relief', 'is_earlier_relief'),
        ('reduces_17b', 'reduces'), ('reduces_to_infraction', 'reduces_to_infraction'), ('diverts', 'diverts'),
        ('acquits', 'acquits'), ('dismisses', 'dismisses'), ('not_prosecuted', 'is_not_prosecuted'),
        ('decided_elsewhere', 'is_decided_elsewhere'), ('sustains', 'sustains'),
        ('revokes_probation', 'revokes'), ('consecutive_term', 'is_consecutive'), ('denies', 'denies'),
        ('sentence', 'names_sentence'),
    ]) }}
{%- endmacro %}


{# The level of an offense code (OFFENSE_TOC), which is used where the file gives the conviction no level. #}
{% macro level_of_code(code) -%}
    case {{ code }} when 'F' then 'felony' when 'M' then 'misdemeanor' when 'I' then 'infraction' end
{%- endmacro %}


{# True where a row only reports what became of a conviction and is not itself the row of one. #}
{% macro says_what_became_of_a_conviction(row_says='row_says') -%}
    {{ row_says }} in ('ended', 'relief', 'modified', 'restated')
{%- endmacro %}


{# A conviction by the rules P1 and P2: DISP_DESCR begins with CONVICTED, on any step but ARREST/DETAINED/CITED. #}
{% macro is_conviction_as_published() -%}
    has_convicted_disposition and step_type <> 'ARREST/DETAINED/CITED'
{%- endmacro %}


{#
    The level by the rules P1 and P2. It is a felony only in the published spelling; `FELONY ` and `felony`, which the
    older tool
    read as misdemeanors, cannot be told (defect level_unknown).
#}
{% macro level_as_published(level, code) -%}
    case
        when {{ level }} = 'FELONY' then 'felony'
        when upper(trim({{ level }})) = 'MISDEMEANOR' then 'misdemeanor'
        when upper(trim({{ level }})) = 'INFRACTION' then 'infraction'
        when upper(trim(coalesce({{ level }}, ''))) not in ('', 'NULL') then null
        else {{ level_of_code(code) }}
    end
{%- endmacro %}


{#
    Whether a sentence has not ended, where a revoked probation or a consecutive term moved its end: never earlier.
    Reads sentence_moved_to_date and is_sentence_end_unknown of the conviction, and the day of evaluation.
#}
{% macro moved_sentence_end(is_unfinished) -%}
    case
        when {{ is_unfinished }} or sentence_moved_to_date > context.evaluated_as_of_date then true
        when coalesce(is_sentence_end_unknown, false) then null
        else {{ is_unfinished }}
    end
{%- endmacro %}


{#
    The meaning of a row with that disposition. It follows the words, except CONVICTED-REDUCED TO MISD PER 17(B) and
    similar texts, which repeat a conviction to report what became of it.
#}
{% macro row_says() -%}
    case
        when disposition_type <> 'convicted' then disposition_type
        when is_1203_4 or is_earlier_relief or reduces or reduces_to_infraction or revokes then 'restated'
        else 'convicted'
    end
{%- endmacro %}


{# The conviction's own key, without the suffix `|published` of the history that the published rules evaluate. #}
{% macro without_reading(conviction_key) -%}
    case
        when ends_with({{ conviction_key }}, '|published')
            then left({{ conviction_key }}, length({{ conviction_key }}) - length('|published'))
        else {{ conviction_key }}
    end
{%- endmacro %}


{#
    The key of the same conviction where the published rules evaluate it in a history of their own. It is applied to a
    few keys before a big join, so that the join compares a column with a column.
#}
{% macro as_published_reading(conviction_key) -%} {{ conviction_key }} || '|published' {%- endmacro %}


{#
    Three relations that split texts into the phrases of a vocabulary: words_of_texts (disposition_text, words),
    candidates,
    and kept_phrases (disposition_text, phrase, effect, first_position, words_taken). Where phrases overlap, the longest
    is used, and the first of equally long ones. Reads one relation with disposition_text and one with phrase and
    effect.
#}
{% macro cut_to_phrases(texts, phrases) -%}
words_of_texts as (

    select
        disposition_text,
        case when trim(plain) <> '' then string_split(trim(plain), ' ') end as words
    from (
        select
            disposition_text,
            {{ plain_words('disposition_text') }} as plain
        from {{ texts }}
    ) as plain_texts

),

positions as (

    select
        disposition_text,
        words,
        unnest(range(1, len(words) + 1)) as first_position
    from words_of_texts

),

-- No phrase has more than seven words.
candidates as (

    select
        positions.disposition_text,
        positions.first_position,
        lengths.words_taken,
        array_to_string(
            list_slice(positions.words, positions.first_position, positions.first_position + lengths.words_taken - 1), ' '
        ) as phrase
    from positions
    inner join (select unnest(range(1, 8)) as words_taken) as lengths
        on positions.first_position + lengths.words_taken - 1 <= len(positions.words)

),

found_phrases as (

    select
        candidates.*,
        {{ phrases }}.effect
    from candidates
    inner join {{ phrases }} on candidates.phrase = {{ phrases }}.phrase

),

kept_phrases as (

    select found_phrases.*
    from found_phrases
    left join found_phrases as others
        on
            found_phrases.disposition_text = others.disposition_text
            and others.first_position < found_phrases.first_position + found_phrases.words_taken
            and found_phrases.first_position < others.first_position + others.words_taken
            and (
                others.words_taken > found_phrases.words_taken
                or (
                    others.words_taken = found_phrases.words_taken
                    and others.first_position < found_phrases.first_position
                )
            )
    where others.disposition_text is null

)
{%- endmacro %}
