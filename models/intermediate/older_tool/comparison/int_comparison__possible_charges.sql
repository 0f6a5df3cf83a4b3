-- Rows whose comment names a Prop 64 section that the offense text does not name, whether or not the row is a
-- conviction.
with history_rows as (

    select
        delivery_id,
        row_no,
        coalesce(offense_description_raw, '') as offense,
        comment_text
    from {{ ref('stg_ca_doj__criminal_history_rows') }}
    where
        comment_text like '%113%'
        and trim(coalesce(offense_description_raw, '')) not in ('', 'SEE COMMENT FOR CHARGE')

),

named as (

    select
        delivery_id,
        row_no,
        comment_text,
        regexp_extract(offense, '11357|11358|11359|11360') as offense_section,
        regexp_extract(comment_text, '11357|11358|11359|11360') as comment_section,
        regexp_extract(offense, '11357[(]([A-D])[)]', 1) as offense_letter,
        regexp_extract(comment_text, '11357[(]([A-D])[)]', 1) as comment_letter
    from history_rows

),

final as (

    select
        delivery_id,
        row_no,
        comment_text as possible_other_p64_charges
    from named
    where
        comment_section <> ''
        and (
            offense_section <> comment_section
            or (
                comment_section = '11357'
                and comment_letter <> ''
                -- One text names a misdemeanor subdivision and the other a felony subdivision, or only the comment has
                -- a letter.
                and (offense_letter = '' or (offense_letter in ('A', 'B')) <> (comment_letter in ('A', 'B')))
            )
        )

)

select * from final
