with sole_defendants as (

    select * from {{ ref('int_court__sole_defendants') }}

),

level_words as (

    select * from {{ ref('record_words') }}
    where kind = 'level'

),

levels as (

    select
        raw_levels.level_raw,
        level_words.meaning as level
    from (select distinct level_raw from {{ ref('stg_la_court__counts') }}) as raw_levels
    inner join level_words on trim({{ plain_words('raw_levels.level_raw') }}) = level_words.word

),

counts as (

    select
        staged.* exclude (defendant_number, level, level_raw),
        coalesce(staged.level, levels.level) as level,
        coalesce(staged.defendant_number, sole_defendants.defendant_number) as defendant_number
    from {{ ref('stg_la_court__counts') }} as staged
    left join sole_defendants on staged.case_number = sole_defendants.case_number
    left join levels on staged.level_raw = levels.level_raw
    where staged.case_number is not null

),

cases as (

    select * from {{ ref('int_court__cases') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

-- Where two cases share one case number, counts with the same count number but different content are two counts, even
-- in one delivery.
labelled as (

    select
        counts.* exclude (count_number),
        counts.count_number as file_count_number,
        coalesce(cases.is_number_shared, false) as is_number_shared,
        case
            when coalesce(cases.is_number_shared, false) and counts.count_number is not null
                then counts.count_number || coalesce(
                    '#' || nullif(
                        dense_rank() over (
                            partition by
                                counts.case_number,
                                coalesce(counts.defendant_number, ''),
                                counts.count_number
                            order by counts.disposition_date, counts.convicted_statute, counts.disposition_type
                        ),
                        1
                    ),
                    ''
                )
            else counts.count_number
        end as count_number
    from counts
    left join cases
        on counts.case_number || '|' || coalesce(counts.defendant_number, '') = cases.case_defendant_key

),

ordered as (

    select
        counts.*,
        counts.case_number || '|' || coalesce(counts.defendant_number, '') as case_defendant_key,
        -- Each row without a count number is a separate count.
        coalesce(counts.count_number, 'row ' || counts.delivery_id || ' ' || cast(counts.row_no as varchar))
            as count_label,
        dense_rank() over (
            partition by
                counts.case_number,
                coalesce(counts.defendant_number, ''),
                coalesce(counts.count_number, 'row ' || counts.delivery_id || ' ' || cast(counts.row_no as varchar))
            order by deliveries.as_of_date desc, deliveries.landed_at desc, counts.delivery_id desc
        ) as count_delivery,
        dense_rank() over (
            partition by counts.case_number, coalesce(counts.defendant_number, '')
            order by deliveries.as_of_date desc, deliveries.landed_at desc, counts.delivery_id desc
        ) as case_delivery,
        dense_rank() over (
            partition by
                counts.case_number,
                coalesce(counts.defendant_number, ''),
                counts.disposition_date,
                counts.convicted_statute,
                counts.disposition_type
            order by deliveries.as_of_date desc, deliveries.landed_at desc, counts.delivery_id desc
        ) as content_delivery
    from labelled as counts
    left join deliveries on counts.delivery_id = deliveries.delivery_id

),

-- A count without a number cannot be matched to its copies in earlier deliveries, so only the newest delivery of its
-- case is used. Where two cases share the case number, the newest delivery with the same content is used.
newest as (

    select * from ordered
    where count_number is not null or case_delivery = 1 or (is_number_shared and content_delivery = 1)

),

-- The newest delivery decides about a count. But if the newest delivery reports no conviction, a conviction of an
-- earlier day is kept beside it.
with_disposition as (

    select
        newest.*,
        dispositions.disposition_type as says,
        bool_or(dispositions.disposition_type = 'convicted') filter (where newest.count_delivery = 1) over of_count
            as is_convicted_now,
        min(newest.disposition_date) filter (
            where newest.count_delivery = 1 and dispositions.disposition_type = 'no_conviction'
        ) over of_count as came_to_nothing_date
    from newest
    left join {{ ref('int_dispositions__read') }} as dispositions
        on upper(newest.disposition_type) = dispositions.disposition_text
    window of_count as (partition by newest.case_defendant_key, newest.count_label)

),

final as (

    select * exclude (case_delivery, content_delivery, count_delivery, says, is_convicted_now, came_to_nothing_date)
    from with_disposition
    where
        count_delivery = 1
        or (
            says = 'convicted' and not coalesce(is_convicted_now, false) and disposition_date < came_to_nothing_date
        )

)

select * from final
