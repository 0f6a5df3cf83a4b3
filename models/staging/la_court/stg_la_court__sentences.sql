with source as (

    {{ court_rows('la_court_sentences', ['sentence_type', 'sentence_unit']) }}

),

numbered as (

    {{ with_case_numbers('source', 'case_number') }}

),

final as (

    select
        delivery_id,
        row_no,
        county_name,
        case_number_read as case_number,
        coalesce({{ normalize_defendant_number('defendant_number') }}, defendant_number_read) as defendant_number,
        {{ normalize_count_number('count_number') }} as count_number,
        {{ clean_text(plain_number('sentence_order')) }} as sentence_order,
        lower({{ our_word('sentence_type') }}) as sentence_type,
        case
            when
                regexp_matches({{ plain_number('sentence_length') }}, '^[0-9]+([.][0-9]+)?$')
                then cast({{ plain_number('sentence_length') }} as double)
        end as sentence_length,
        {{ clean_text('sentence_length') }} is not null as has_sentence_length,
        upper({{ our_word('sentence_unit') }}) as sentence_unit_code
    from numbered

)

select * from final
