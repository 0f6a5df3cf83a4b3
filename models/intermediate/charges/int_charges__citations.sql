with words as (

    select * from {{ ref('int_charges__words') }}

),

items as (

    select
        charge_text,
        unnest(regexp_extract_all(items, '[^ ]+')) as item,
        generate_subscripts(regexp_extract_all(items, '[^ ]+'), 1) as position
    from words

),

marked as (

    select
        *,
        regexp_matches(item, '^[0-9]') as is_number,
        {{ is_code_item('item') }} as is_code,
        starts_with(item, 'w:') or starts_with(item, '-description') as is_description_word,
        lag(item) over of_text as item_before,
        lag(item, 2) over of_text as item_two_before
    from items
    window of_text as (partition by charge_text order by position)

),

-- Signs between a number and its code have no meaning.
without_signs as (

    select
        *,
        lag(item) over of_text as word_before,
        lead(item) over of_text as word_behind,
        lead(item, 2) over of_text as second_word_behind,
        lead(item, 3) over of_text as third_word_behind,
        case when lead(is_number) over of_text then lead(position) over of_text end as next_number_at,
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
        -- In `11357, PC 148`, the code belongs to 148, the number behind it.
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
        item_two_before is null as is_second_item,
        min_by(regexp_extract(item, '^[0-9.]*[0-9]'), position) over (partition by charge_text) as first_number_cited,
        coalesce(position > description_from, false) as is_in_description,
        -- True where only a blank separates the number from the next one, as in 28 8(A) PC.
        coalesce(next_number_at = position + 1, false) as is_before_number,
        -- In `4573.6/11357 PC`, the code behind the second number may belong to the first number.
        coalesce(item_before = '/' and regexp_matches(item_two_before, '^[0-9]'), false) as is_behind_number
    from described
    where is_number

),

cited as (

    select
        *,
        -- A code that is written once applies to the numbers beside it too, as in PC 664/187 and 664/187 PC.
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
    -- A number in a description (28.5 grams, 6 plants) is an amount and not a section. If the first section is a
    -- cannabis section, a number such as 11359 is a section even in the description.
    where
        not is_in_description
        or code is not null
        or (
            regexp_matches(first_number_cited, '^({{ cannabis_sections() }})$')
            and regexp_matches(number, '^11[35][0-9]{2}([.][0-9]+)?$')
        )

),

with_forms as (

    select
        *,
        number = '664' and coalesce(code, 'pc') in ('pc', 'hs') as is_attempt,
        number = '182' and coalesce(code, 'pc') in ('pc', 'hs') as is_conspiracy,
        number = '32' and coalesce(code, 'pc') = 'pc' as is_accessory,
        number = '653' and subdivisions[1] = 'F' and coalesce(code, 'pc') = 'pc' as is_solicitation,
        -- An enhancement lengthens the sentence and is not a second offense.
        (
            coalesce(code, 'pc') in ('pc', 'hs')
            and regexp_matches(number, '^(12022([.][0-9]+)?|186[.]22|667([.]5)?|1170[.]12)$')
        )
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
        -- 664/11359 PC is an attempt: the code PC belongs to 664, and 11359 is still a section of the Health and Safety
        -- Code.
        and (
            coalesce(code, 'hs') = 'hs'
            or (has_form_number and code = 'pc')
            or (is_behind_number and code_before is null)
        ) as is_cannabis,
        -- A character directly before the number may make it another number, as in X11359, $11357 and 9-11358.
        (
            is_joined_before
            and not (regexp_matches(item_before, '^(-level|-count)$') and length(number) > 2)
            and not {{ is_code_item('item_before') }}
        )
        or coalesce(regexp_matches(item_before, '^[$%@!=<>?_]$'), false)
        or (item_before = '.' and is_second_item) as is_behind_a_character
    from formed

),

judged_numbers as (

    select
        *,
        is_cannabis_number and is_behind_a_character as is_broken,
        -- Doubtful numbers have one character too many (Q288, 0288), are split (28 8(A)) or have a letter in place of a
        -- digit (28S).
        is_behind_a_character
        or starts_with(number, '0')
        or length(number) = 1
        or (length(number) = 2 and (is_letter_joined or (is_before_number and code is null))) as is_doubtful,
        not is_cannabis and not is_attempt and not is_conspiracy and not is_accessory and not is_solicitation
        and not is_enhancement as is_other
    from judged

),

final as (

    select
        charge_text,
        position,
        number,
        subdivisions,
        is_letter_joined,
        has_two_letters,
        code,
        nearest_code,
        is_attempt,
        is_conspiracy,
        is_accessory,
        is_solicitation,
        is_enhancement,
        is_cannabis_number,
        is_cannabis,
        is_broken,
        is_doubtful,
        is_other
    from judged_numbers

)

select * from final
