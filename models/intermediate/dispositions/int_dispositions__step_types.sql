with step_types as (

    select distinct step_type from {{ ref('stg_ca_doj__criminal_history_rows') }}

),

words as (

    select * from {{ ref('record_words') }}
    where kind = 'step_type'

),

final as (

    select
        step_types.step_type,
        words.meaning as step_kind,
        words.word is null and coalesce({{ has_content('step_types.step_type') }}, false) as is_unknown
    from step_types
    left join words on trim({{ plain_words('step_types.step_type') }}) = words.word

)

select * from final
