with words as (

    select * from {{ ref('int_charges__words') }}

),

cited as (

    select * from {{ ref('int_charges__citations') }}

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
        coalesce(bool_or(is_doubtful), false) as has_doubtful_number,
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
        max(case when is_other and regexp_matches(subdivisions[2], '^[0-9]$') then subdivisions[2] end)
            as other_paragraph,
        count(*) as cited_numbers,
        min_by(number, position) as first_number,
        min_by(code, position) as code
    from cited
    group by charge_text

),

closed as (

    select
        words.charge_text,
        words.items,
        split_part(words.charge_text, '-', 1) as code_section_text,
        trim(words.charge_text) = '' as is_blank,
        upper(words.charge_text) as upper_text,
        -- Letters that may stand for digits; the letter B may also be a subdivision.
        translate(upper(words.charge_text), 'OIL', '011') as likely_digits_text,
        translate(upper(words.charge_text), 'OILSBG', '011586') as possible_digits_text,
        -- The text without blanks, commas, apostrophes and hyphens between digits, and without leading zeros.
        regexp_replace(
            regexp_replace(upper(words.charge_text), '([0-9])[ ,''-]+([0-9])', '\1\2', 'g'),
            '(^|[^0-9.])0+([1-9])', '\1\2', 'g'
        ) as closed_text,
        texts.* exclude (charge_text)
    from words
    left join texts on words.charge_text = texts.charge_text

),

nearest_numbers as (

    select
        *,
        nullif(regexp_extract(closed_text, '{{ cannabis_section_pattern() }}', 2), '') as closed_number,
        coalesce(
            nullif(regexp_extract(likely_digits_text, '{{ cannabis_section_pattern() }}', 2), ''),
            nullif(regexp_extract(possible_digits_text, '{{ cannabis_section_pattern() }}', 2), '')
        ) as digits_number
    from closed

),

near as (

    select
        *,
        coalesce(closed_number, digits_number) as nearest_number,
        nullif(
            case
                when closed_number is not null
                    then regexp_extract(closed_text, '({{ cannabis_sections() }}){{ letter_behind() }}', 2)
                -- Replacing a letter by a digit does not change the length, so the text behind the number starts at the
                -- same position.
                else
                    regexp_extract(
                        substr(upper_text, strpos(possible_digits_text, digits_number) + length(digits_number)),
                        '^(){{ letter_behind() }}', 2
                    )
            end, ''
        ) as nearest_letter
    from nearest_numbers

),

read as (

    select
        *,
        coalesce(has_cannabis, false) and not coalesce(has_stray_number, false) as is_cannabis,
        regexp_matches(items, '^[^0-9]* (w:|-form_unclear )[^0-9]*[0-9]') as has_unknown_word_before,
        coalesce(has_attempt_number, false) or contains(items, ' attempt ') as has_attempt,
        coalesce(has_conspiracy_number, false) or contains(items, ' conspiracy ') as has_conspiracy,
        coalesce(has_accessory_number, false) or contains(items, ' accessory ') as has_accessory,
        coalesce(has_solicitation_number, false) or contains(items, ' solicitation ') as has_solicitation,
        coalesce(cannabis_number in ('11360', '11531') and cannabis_numbers = 1, false) as names_section_of_offers
    from near

),

judged_texts as (

    select
        *,
        is_cannabis and (cannabis_numbers > 1 or has_other) as has_two_sections,
        is_cannabis and has_other as has_another_section,
        -- With an accessory, a solicitation or an unknown word, the charge is not certainly a completed offense of the
        -- section.
        is_cannabis and (has_accessory or has_solicitation or has_unknown_word_before) as is_of_unclear_form,
        -- Some known words may mean another form of the offense, or no offense. The published rules ignore these words.
        is_cannabis and {{ has_word_of_unclear_form() }} as has_word_of_unclear_form
    from read

),

final as (

    select
        charge_text,
        code_section_text,
        upper(code) as code_type,
        case
            when
                is_cannabis and not has_attempt and not has_conspiracy and not is_of_unclear_form
                and not has_two_sections
                then cannabis_number
        end as section,
        case when is_cannabis then letter end as subdivision,
        is_cannabis and (names_11357 or names_11358 or names_11359 or names_11360) as is_prop_64,
        is_cannabis and not (names_11357 or names_11358 or names_11359 or names_11360) as is_prop_64_predecessor,
        -- The published rules take only the text before the first hyphen as the charge.
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
        not is_cannabis
        and regexp_matches(upper_text, '1135[789]|11360|(^|[^0-9])(11361|11362|11532)') as is_look_alike,
        is_blank,
        is_cannabis and names_11357 as names_11357,
        is_cannabis and names_11358 as names_11358,
        is_cannabis and names_11359 as names_11359,
        is_cannabis and names_11360 as names_11360,
        -- The published rules compare only these first characters, and not their meaning.
        regexp_matches(code_section_text, '^11357[(][AB][)]') as starts_11357_a_or_b,
        substr(code_section_text, 1, 5) as first_five_characters,
        case
            when
                is_cannabis
                and (
                    has_attempt or has_conspiracy or has_two_sections or is_of_unclear_form or has_word_of_unclear_form
                )
                then 'unknown'
            when is_cannabis then cannabis_number
            when is_blank then 'unknown'
            else 'other'
        end as offense,
        -- What the text names, for models that need more than the section.
        case
            when is_blank then 'blank'
            when has_two_sections then 'two_sections'
            when is_cannabis and (has_unknown_word_before or has_word_of_unclear_form) then 'not_understood'
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
        first_number,
        nearest_number,
        nearest_letter,
        coalesce(has_attempt_number, false) or contains(items, ' attempt ') as cites_attempt,
        has_accessory as cites_accessory,
        coalesce(cited_numbers, 0) = 0 and not is_blank as is_without_number,
        coalesce(has_doubtful_number, false) as has_doubtful_number,
        is_cannabis and has_accessory as is_accessory,
        is_cannabis and has_solicitation as is_solicitation
    from judged_texts

)

select * from final
