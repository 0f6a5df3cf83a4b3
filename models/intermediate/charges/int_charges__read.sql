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

-- Words that begin so are known too: CONSP is that of CONSPIRACY and of CONSPIRE.
stems as (

    select
        replace(word, '*', '') as stem,
        item
    from {{ ref('charge_words') }}
    where word like '%*'

),

written as (

    select
        charge_text,
        regexp_extract_all({{ plain_charge('charge_text') }}, '[0-9]+(?:[.][0-9]+)*|[A-Z]+|[^A-Z0-9 ]') as tokens
    from charge_texts

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

-- A letter written onto a number belongs to it (653F, 273AB); behind five digits F, M and I are a level.
lettered as (

    select
        *,
        coalesce(kind, '') <> 'code'
        and regexp_matches(token_two_before, '^([0-9]|[)]$|[A-Z]$)')
        and coalesce(kind, '') <> 'unit'
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
            when may_be_letter and regexp_matches(token, '^[A-Z]{1,2}$') and token_before = '~' and regexp_matches(token_two_before, '^[0-9]')
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

folded as (

    select
        charge_texts.charge_text,
        coalesce({{ folded_charge('joined.items') }}, '') as items
    from charge_texts
    left join joined on charge_texts.charge_text = joined.charge_text

),

items as (

    select
        charge_text,
        unnest(regexp_extract_all(items, '[^ ]+')) as item,
        generate_subscripts(regexp_extract_all(items, '[^ ]+'), 1) as position
    from folded

),

marked as (

    select
        *,
        regexp_matches(item, '^[0-9]') as is_number,
        {{ is_code_item('item') }} as is_code,
        starts_with(item, 'w:') or item = '-description' as is_description_word,
        lag(item) over of_text as item_before,
        lag(item, 2) over of_text as item_two_before
    from items
    window of_text as (partition by charge_text order by position)

),

-- Signs between a number and its code say nothing.
without_signs as (

    select
        *,
        lag(item) over of_text as word_before,
        lead(item) over of_text as word_behind,
        lead(item, 2) over of_text as second_word_behind,
        lead(item, 3) over of_text as third_word_behind,
        min(case when is_number then position end) over (partition by charge_text) as first_number,
        min(case when is_code then position end) over (partition by charge_text) as first_code
    from marked
    where is_number or is_description_word or regexp_matches(item, '^[a-z]')
    window of_text as (partition by charge_text order by position)

),

described as (

    select
        *,
        min(case when is_description_word and position > first_number then position end)
            over (partition by charge_text) as description_from,
        coalesce(first_code < first_number, false) as is_code_first,
        {{ is_code_item('word_before') }} as has_code_before,
        {{ is_code_item('word_behind') }}
        -- `11357, PC 148`: the code is that of the number behind it.
        and not (
            regexp_matches(item, '^({{ cannabis_sections() }})([([]|$)')
            and word_behind <> 'hs'
            and coalesce(regexp_matches(second_word_behind, '^[0-9]{3}'), false)
            and not {{ is_code_item('third_word_behind') }}
        ) as has_code_behind
    from without_signs

),

numbers as (

    select
        charge_text,
        position,
        regexp_extract(item, '^[0-9.]*[0-9]') as number,
        regexp_extract_all(item, '[([]([A-Z0-9]+)', 1) as subdivisions,
        contains(item, '[') as is_letter_joined,
        contains(item, '|') as has_two_letters,
        case
            when is_code_first and has_code_before then word_before
            when has_code_behind then word_behind
            when has_code_before then word_before
        end as code,
        coalesce(case when item_before = '~' then item_two_before else item_before end, '') as item_before,
        coalesce(item_before = '~', false) as is_joined_before,
        coalesce(position > description_from, false) as is_in_description,
        -- `4573.6/11357 PC`: the code behind the second number may be the first one's.
        coalesce(item_before = '/' and regexp_matches(item_two_before, '^[0-9]'), false) as is_behind_number
    from described
    where is_number

),

cited as (

    select
        *,
        -- A code written once counts for the numbers beside it: PC 664/187, 664/187 PC.
        coalesce(
            code,
            last_value(code ignore nulls) over (
                partition by charge_text order by position rows between unbounded preceding and 1 preceding
            ),
            first_value(code ignore nulls) over (
                partition by charge_text order by position rows between 1 following and unbounded following
            )
        ) as nearest_code,
        lag(code) over (partition by charge_text order by position) as code_before,
        regexp_matches(number, '^({{ cannabis_sections() }})$') as is_cannabis_number
    from numbers
    -- What a description counts (28.5 grams, 6 plants) is no section.
    where not is_in_description or code is not null

),

with_forms as (

    select
        *,
        number = '664' and coalesce(code, 'pc') in ('pc', 'hs') as is_attempt,
        number = '182' and coalesce(code, 'pc') in ('pc', 'hs') as is_conspiracy,
        number = '32' and coalesce(code, 'pc') = 'pc' as is_accessory,
        number = '653' and subdivisions[1] = 'F' and coalesce(code, 'pc') = 'pc' as is_solicitation,
        -- An enhancement lengthens the sentence and is not a second offense.
        (coalesce(code, 'pc') = 'pc' and regexp_matches(number, '^(12022([.][0-9]+)?|186[.]22|667([.]5)?|1170[.]12)$'))
        or (coalesce(code, 'hs') = 'hs' and regexp_matches(number, '^11370[.][24]$')) as is_enhancement
    from cited

),

formed as (

    select
        *,
        bool_or(is_attempt or is_conspiracy or is_accessory or is_solicitation) over (partition by charge_text)
            as has_form_number
    from with_forms

),

judged as (

    select
        *,
        is_cannabis_number
        -- An attempt is charged under the Penal Code and still names the Health and Safety section: 664/11359 PC.
        and (
            coalesce(code, 'hs') = 'hs'
            or (has_form_number and code = 'pc')
            or (is_behind_number and code_before is null)
        ) as is_cannabis,
        -- X11359, $11357, 9-11358: what stands directly before it may make it another number.
        is_cannabis_number and (
            (
                is_joined_before
                and not regexp_matches(item_before, '^(-level|-count)$')
                and not {{ is_code_item('item_before') }}
            )
            or coalesce(regexp_matches(item_before, '^[$%@!=<>?_]$'), false)
        ) as is_broken
    from formed

),

judged_numbers as (

    select
        *,
        not is_cannabis and not is_attempt and not is_conspiracy and not is_accessory and not is_solicitation
        and not is_enhancement as is_other
    from judged

),

texts as (

    select
        charge_text,
        coalesce(bool_or(is_attempt), false) as has_attempt_number,
        coalesce(bool_or(is_conspiracy), false) as has_conspiracy_number,
        coalesce(bool_or(is_accessory), false) as has_accessory_number,
        coalesce(bool_or(is_solicitation), false) as has_solicitation_number,
        coalesce(bool_or(is_cannabis and not is_broken), false) as has_cannabis,
        coalesce(bool_or(is_cannabis_number and is_broken), false) as has_broken,
        coalesce(bool_or(is_other and length(number) < 3 and code is null), false) as has_stray_number,
        coalesce(bool_or(is_other and (length(number) >= 3 or code is not null)), false) as has_other,
        count(distinct case when is_cannabis then number end) as cannabis_numbers,
        min(case when is_cannabis then number end) as cannabis_number,
        count(distinct case when is_cannabis then coalesce(subdivisions[1], '') end) as letters,
        coalesce(
            bool_or(is_cannabis and (has_two_letters or regexp_matches(subdivisions[2], '^[A-E]$'))), false
        ) as has_two_letters,
        max(case when is_cannabis then subdivisions[1] end) as letter,
        max(case when is_cannabis and regexp_matches(subdivisions[2], '^[0-9]$') then subdivisions[2] end) as paragraph,
        coalesce(bool_or(is_cannabis and number = '11357'), false) as names_11357,
        coalesce(bool_or(is_cannabis and number = '11358'), false) as names_11358,
        coalesce(bool_or(is_cannabis and number = '11359'), false) as names_11359,
        coalesce(bool_or(is_cannabis and number = '11360'), false) as names_11360,
        count(distinct case when is_other then number end) as other_numbers,
        min(case when is_other then number end) as other_number,
        min(case when is_other then coalesce(code, 'hs') end) as other_code,
        max(case when is_other then subdivisions[1] end) as other_letter,
        max(case when is_other and regexp_matches(subdivisions[2], '^[0-9]$') then subdivisions[2] end) as other_paragraph,
        count(*) as cited_numbers,
        list(
            {
                'position': position,
                'number': number,
                'subdivisions': subdivisions,
                'is_letter_joined': is_letter_joined,
                'code': code,
                'nearest_code': nearest_code,
                'is_attempt': is_attempt
            } order by position
        ) as sections_cited,
        min_by(code, position) as code
    from judged_numbers
    group by charge_text

),

closed as (

    select
        folded.charge_text,
        folded.items,
        split_part(folded.charge_text, '-', 1) as code_section_text,
        trim(folded.charge_text) = '' as is_blank,
        upper(folded.charge_text) as upper_text,
        -- The number as it would be without a blank, a comma or a zero too many in it, and with digits for letters.
        regexp_replace(
            regexp_replace(upper(folded.charge_text), '([0-9])[ ,''-]+([0-9])', '\1\2', 'g'), '(^|[^0-9.])0+([1-9])', '\1\2', 'g'
        ) as closed_text,
        texts.* exclude (charge_text)
    from folded
    left join texts on folded.charge_text = texts.charge_text

),

near as (

    select
        *,
        coalesce(
            nullif(regexp_extract(closed_text, '{{ cannabis_section_pattern() }}', 2), ''),
            nullif(regexp_extract(translate(upper_text, 'OIL', '011'), '{{ cannabis_section_pattern() }}', 2), '')
        ) as nearest_number,
        nullif(
            regexp_extract(closed_text, '({{ cannabis_sections() }})[ .-]*[(]? *([A-E])([^A-Z]|HS|$)', 2), ''
        ) as nearest_letter
    from closed

),

read as (

    select
        *,
        coalesce(has_cannabis, false) and not coalesce(has_stray_number, false) as is_cannabis,
        regexp_matches(items, '^[^0-9]* w:[^0-9]*[0-9]') as has_unknown_word_before,
        coalesce(has_attempt_number, false) or contains(items, ' attempt ') as has_attempt,
        coalesce(has_conspiracy_number, false) or contains(items, ' conspiracy ') as has_conspiracy,
        coalesce(has_accessory_number, false) or contains(items, ' accessory ') as has_accessory,
        coalesce(has_solicitation_number, false) or contains(items, ' solicitation ') as has_solicitation
    from near

),

judged_texts as (

    select
        *,
        is_cannabis and (cannabis_numbers > 1 or has_other) as has_two_sections,
        is_cannabis and has_other as has_another_section,
        -- An accessory, a solicitation or a word that is not understood: no completed offense of the section.
        is_cannabis and (has_accessory or has_solicitation or has_unknown_word_before) as is_of_unclear_form
    from read

),

final as (

    select
        charge_text,
        code_section_text,
        upper(code) as code_type,
        case
            when is_cannabis and not has_attempt and not has_conspiracy and not is_of_unclear_form and not has_two_sections
                then cannabis_number
        end as section,
        case when is_cannabis then letter end as subdivision,
        is_cannabis and (names_11357 or names_11358 or names_11359 or names_11360) as is_prop_64,
        is_cannabis and not (names_11357 or names_11358 or names_11359 or names_11360) as is_prop_64_predecessor,
        -- To the published rules a charge is the text before its first hyphen.
        is_cannabis and (
            regexp_matches(code_section_text, '1135[789]|11360')
            or regexp_matches(upper(trim(code_section_text)), '^(664|182)([(][A-Z0-9]+[)])*( ?PC)?/?$')
        ) as is_prop_64_before_hyphen,
        is_cannabis and has_attempt as is_attempt,
        is_cannabis and has_attempt
        and regexp_matches(upper(trim(code_section_text)), '^664([(][A-Z0-9]+[)])*( ?PC)?/?$') as is_attempt_lost,
        is_cannabis and has_conspiracy as is_conspiracy,
        has_two_sections or is_of_unclear_form as is_two_sections,
        has_another_section or is_of_unclear_form as names_another_section,
        not is_cannabis and regexp_matches(upper_text, '1135[789]|11360|(^|[^0-9])(11361|11362|11532)') as is_look_alike,
        is_blank,
        is_cannabis and names_11357 as names_11357,
        is_cannabis and names_11358 as names_11358,
        is_cannabis and names_11359 as names_11359,
        is_cannabis and names_11360 as names_11360,
        regexp_matches(code_section_text, '^11357[(][AB][)]') as starts_11357_a_or_b,
        substr(code_section_text, 1, 5) as first_five_characters,
        case
            when is_cannabis and (has_attempt or has_conspiracy or has_two_sections or is_of_unclear_form) then 'unknown'
            when is_cannabis then cannabis_number
            when is_blank then 'unknown'
            else 'other'
        end as offense,
        -- What it says, for the readers that ask for more than the section.
        case
            when is_blank then 'blank'
            when has_two_sections then 'two_sections'
            when is_cannabis and (has_unknown_word_before or has_solicitation) then 'not_understood'
            when is_cannabis and (letters > 1 or has_two_letters) then 'two_subdivisions'
            when is_cannabis then 'section'
            when
                (nearest_number is not null or coalesce(has_broken, false) or coalesce(has_cannabis, false))
                and coalesce(code, 'hs') = 'hs'
                then 'near_miss'
            when coalesce(cited_numbers, 0) = 0 then 'no_section'
            when
                other_numbers = 1 and other_code = 'hs'
                and regexp_matches(other_number, '^({{ statute_sections() }})$')
                then 'section'
            else 'other'
        end as names,
        cannabis_number,
        letter,
        paragraph,
        other_number,
        other_letter,
        other_paragraph,
        nearest_number,
        nearest_letter,
        sections_cited,
        coalesce(has_attempt_number, false) or contains(items, ' attempt ') as cites_attempt,
        has_accessory as cites_accessory,
        coalesce(cited_numbers, 0) = 0 and not is_blank as is_without_number,
        is_cannabis and has_accessory as is_accessory,
        is_cannabis and has_solicitation as is_solicitation
    from judged_texts

)

select * from final
