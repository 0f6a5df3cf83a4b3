-- Convictions that would belong to another review (wave) if a link was missed or is wrong.
with convictions as (

    select
        convictions.*,
        relief.wave_number,
        relief.is_order_named_by_court,
        linkable.case_number as doj_case_number
    from {{ ref('int_identity__convictions') }} as convictions
    inner join {{ ref('int_orders__relief') }} as relief on convictions.conviction_key = relief.conviction_key
    left join {{ ref('int_identity__linkable_convictions') }} as linkable
        on convictions.doj_conviction_key = linkable.source_conviction_key

),

-- Pairs that may be one person: they are linked as one person, or the weights do not rule it out.
scored_pairs as (

    select
        subject_key,
        case_defendant_key
    from {{ ref('int_linkage__scored_pairs') }}

),

person_links as (

    select
        person_key as subject_key,
        case_defendant_key
    from {{ ref('int_identity__person_links') }}

),

perhaps_one_person as (

    select * from scored_pairs
    union
    select * from person_links

),

review_queue as (

    select * from {{ ref('int_identity__review_queue') }}

),

decided_different as (

    select
        doj_conviction_key,
        court_conviction_key
    from {{ ref('int_identity__decided_links') }}
    where decision_type = 'count_link' and decision_status = 'in_force' and verdict = 'different'

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

wave_1 as (

    select * from convictions
    where wave_number = 1

),

wave_2 as (

    select
        convictions.*,
        court_convictions.case_defendant_key,
        court_convictions.case_number
    from convictions
    inner join court_convictions on convictions.court_conviction_key = court_convictions.court_conviction_key
    where convictions.wave_number = 2

),

in_review as (

    select wave_2.conviction_key
    from wave_2
    inner join review_queue on wave_2.court_conviction_key = review_queue.court_conviction_key
    inner join wave_1 on review_queue.doj_conviction_key = wave_1.doj_conviction_key

),

-- Second-wave convictions that may be the same conviction as one of the first wave: perhaps the same person, certainly
-- the same section, and no court count linked to the first-wave conviction. Pairs with different case numbers and
-- different dates are left out.
possibly_missed as (

    select wave_2.conviction_key
    from wave_2
    inner join perhaps_one_person on wave_2.case_defendant_key = perhaps_one_person.case_defendant_key
    inner join wave_1 on perhaps_one_person.subject_key = wave_1.person_key and wave_2.offense = wave_1.offense
    left join decided_different
        on
            wave_1.doj_conviction_key = decided_different.doj_conviction_key
            and wave_2.court_conviction_key = decided_different.court_conviction_key
    where
        wave_1.court_conviction_key is null
        and decided_different.doj_conviction_key is null
        and not (
            coalesce(wave_1.doj_case_number <> wave_2.case_number, false)
            and coalesce(wave_1.conviction_date <> wave_2.conviction_date, false)
        )

),

possibly_wave_1 as (

    select conviction_key from in_review
    union
    select conviction_key from possibly_missed

),

-- A subject without a CII number may be the same person as a subject of a newer delivery. A conviction that both
-- subjects have may then be counted twice.
doj_convictions as (

    select
        doj_conviction_key,
        delivery_id,
        subject_id,
        upper(case_number_first) as case_number,
        upper(trim(charge_text)) as charge_text,
        conviction_date
    from {{ ref('int_convictions__criminal_history') }}

),

perhaps_one_subject as (

    select
        delivery_id,
        subject_id,
        other_delivery_id,
        other_subject_id
    from {{ ref('int_criminal_history__subject_pairs') }}
    where comparison <> 'same_person' and is_older
    union
    select
        other_delivery_id as delivery_id,
        other_subject_id as subject_id,
        delivery_id as other_delivery_id,
        subject_id as other_subject_id
    from {{ ref('int_criminal_history__subject_pairs') }}
    where comparison <> 'same_person' and not is_older

),

perhaps_counted_twice as (

    select distinct older.doj_conviction_key
    from perhaps_one_subject
    inner join doj_convictions as older
        on
            perhaps_one_subject.delivery_id = older.delivery_id
            and perhaps_one_subject.subject_id = older.subject_id
    inner join doj_convictions as newer
        on
            perhaps_one_subject.other_delivery_id = newer.delivery_id
            and perhaps_one_subject.other_subject_id = newer.subject_id
            and older.case_number = newer.case_number
            and older.charge_text = newer.charge_text
            and older.conviction_date = newer.conviction_date
    where older.doj_conviction_key <> newer.doj_conviction_key

),

final as (

    select
        convictions.conviction_key,
        perhaps_counted_twice.doj_conviction_key is not null as is_perhaps_counted_twice,
        possibly_wave_1.conviction_key is not null as is_possibly_wave_1,
        coalesce(convictions.wave_number = 1 and convictions.is_link_weak, false) as is_possibly_wave_2,
        convictions.is_order_named_by_court
    from convictions
    left join possibly_wave_1 on convictions.conviction_key = possibly_wave_1.conviction_key
    left join perhaps_counted_twice on convictions.doj_conviction_key = perhaps_counted_twice.doj_conviction_key

)

select * from final
