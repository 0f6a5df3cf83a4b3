-- The one conviction that each row of an events or decisions file names, or the reason why it names none.
with names_given as (

    select * from {{ ref('int_identity__names_given') }}

),

named_counts as (

    select * from {{ ref('int_identity__named_counts') }}

),

convictions as (

    select * from {{ ref('int_identity__convictions') }}
    where is_counted

),

held_numbers as (

    select * from {{ ref('int_identity__held_numbers') }}

),

deliveries as (

    select * from {{ ref('stg_landing__deliveries') }}

),

record_rows as (

    select * from {{ ref('int_identity__record_rows') }}

),

doj_subjects as (

    select distinct {{ unpadded_number('subject_id') }} as subject_id
    from {{ ref('int_criminal_history__subject_keys') }}

),

court_case_numbers as (

    select distinct case_number from {{ ref('int_court__cases') }}

),

named as (

    select
        named_counts.naming_key,
        named_counts.named_by,
        convictions.conviction_key,
        0 as is_named_by_court
    from named_counts
    inner join convictions on named_counts.doj_conviction_key = convictions.doj_conviction_key
    union
    select
        named_counts.naming_key,
        named_counts.named_by,
        convictions.conviction_key,
        1 as is_named_by_court
    from named_counts
    inner join convictions on named_counts.court_conviction_key = convictions.court_conviction_key

),

-- The numbers in a row must agree: only a conviction that fits all of these numbers is named.
ways as (

    select
        naming_key,
        count(distinct named_by) as ways_given,
        max(is_named_by_court) = 1 as is_named_by_court,
        bool_or(named_by = 'row') as is_named_by_row
    from named
    group by naming_key

),

agreed_convictions as (

    select
        named.naming_key,
        named.conviction_key
    from named
    inner join ways on named.naming_key = ways.naming_key
    group by named.naming_key, named.conviction_key, ways.ways_given
    having count(distinct named.named_by) = ways.ways_given

),

matches as (

    select
        ways.naming_key,
        ways.is_named_by_court,
        ways.is_named_by_row,
        any_value(agreed_convictions.conviction_key) as conviction_key,
        count(agreed_convictions.conviction_key) as convictions
    from ways
    left join agreed_convictions on ways.naming_key = agreed_convictions.naming_key
    group by ways.naming_key, ways.is_named_by_court, ways.is_named_by_row

),

compared as (

    select
        names_given.naming_key,
        matches.convictions,
        coalesce(matches.is_named_by_court, false) as is_named_by_court,
        case when matches.convictions = 1 then matches.conviction_key end as conviction_key,
        names_given.record is not null
        and (
            deliveries.delivery_id is null
            or names_given.named_row_no not between 1 and deliveries.records
        ) as is_record_unknown,
        case
            -- Other numbers find a conviction, but the named row of a landed file belongs to another count or to no
            -- count.
            when
                not matches.is_named_by_row
                and {{ record_differs('record_rows', 'doj', 'court', 'deliveries') | indent(16) }}
                then 'record'
            -- The DOJ's file has the subject, but not the count.
            when
                doj.held_key is null
                and court.held_key is not null
                and doj_subjects.subject_id is not null
                and names_given.count_order is not null
                then 'cnt_order'
            -- The court's file has the case, but not the count.
            when
                court.held_key is null
                and doj.held_key is not null
                and court_case_numbers.case_number is not null
                and names_given.count_number is not null
                then 'count_number'
            else {{ differing_column(
                'names_given', 'doj', 'court', 'matches.is_named_by_row or doj_subjects.subject_id is not null'
            ) | indent(12) }}
        end as differing_column
    from names_given
    left join matches on names_given.naming_key = matches.naming_key
    left join convictions on matches.conviction_key = convictions.conviction_key
    left join held_numbers as doj on convictions.doj_conviction_key = doj.held_key
    left join held_numbers as court on convictions.court_conviction_key = court.held_key
    left join deliveries on names_given.named_delivery_id = deliveries.delivery_id
    left join record_rows on names_given.naming_key = record_rows.naming_key
    left join doj_subjects on {{ unpadded_number('names_given.subject_id') }} = doj_subjects.subject_id
    left join court_case_numbers on names_given.case_number = court_case_numbers.case_number

),

final as (

    select
        naming_key,
        conviction_key,
        is_named_by_court,
        case
            when is_record_unknown then 'record_unknown'
            when convictions is null then 'no_conviction'
            when convictions > 1 then 'ambiguous'
            when convictions = 0 or differing_column is not null then 'names_differ'
        end as naming_fault,
        case
            when is_record_unknown then 'record'
            when convictions = 1 then differing_column
        end as differing_column
    from compared

)

select * from final
