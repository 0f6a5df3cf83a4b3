-- Events and decisions name counts of other files. This model finds the counts in the same way for events and for
-- decisions.
with names as (

    select * from {{ ref('int_identity__names_given') }}

),

doj_convictions as (

    select
        doj_conviction_key,
        subject_id,
        cii_number,
        cnt_order as count_order
    from {{ ref('int_convictions__criminal_history') }}

),

court_convictions as (

    select * from {{ ref('int_convictions__court') }}

),

history_rows as (

    select * from {{ ref('int_criminal_history__rows') }}

),

-- SUBJECT_ID identifies the person only within one file; a different CII number shows that it is another person.
by_subject as (

    select
        names.naming_key,
        doj_convictions.doj_conviction_key,
        coalesce(ltrim(names.cii_number, '0') = ltrim(doj_convictions.cii_number, '0'), false) as is_cii_equal
    from names
    inner join doj_convictions
        on
            {{ unpadded_number('names.subject_id') }} = {{ unpadded_number('doj_convictions.subject_id') }}
            and {{ unpadded_number('names.count_order') }} = {{ unpadded_number('doj_convictions.count_order') }}
    where
        names.cii_number is null
        or doj_convictions.cii_number is null
        or ltrim(names.cii_number, '0') = ltrim(doj_convictions.cii_number, '0')

),

-- If files give the same SUBJECT_ID to several people, the CII number decides between them.
found_by_subject as (

    select
        naming_key,
        bool_or(is_cii_equal) as is_any_cii_equal
    from by_subject
    group by naming_key

),

-- A later file may give the person another SUBJECT_ID, but the CII number stays the same.
by_cii as (

    select
        names.naming_key,
        doj_convictions.doj_conviction_key
    from names
    inner join doj_convictions
        on
            ltrim(names.cii_number, '0') = ltrim(doj_convictions.cii_number, '0')
            and {{ unpadded_number('names.count_order') }} = {{ unpadded_number('doj_convictions.count_order') }}
    left join found_by_subject on names.naming_key = found_by_subject.naming_key
    where found_by_subject.naming_key is null

),

by_court_count as (

    select
        names.naming_key,
        court_convictions.court_conviction_key
    from names
    inner join court_convictions
        on names.case_number = court_convictions.case_number and names.count_number = court_convictions.count_number
    where
        names.defendant_number is null
        or court_convictions.defendant_number is null
        or names.defendant_number = court_convictions.defendant_number

),

-- A row of the DOJ's file names the count to which it belongs, even if it contains only a later sentence part.
by_doj_row as (

    select
        names.naming_key,
        doj_convictions.doj_conviction_key
    from names
    inner join history_rows
        on names.named_delivery_id = history_rows.delivery_id and names.named_row_no = history_rows.row_no
    inner join doj_convictions
        on
            doj_convictions.doj_conviction_key
            = 'doj|' || history_rows.subject_key || '|' || {{ count_key(of='history_rows.') }}

),

by_court_row as (

    select
        names.naming_key,
        court_convictions.court_conviction_key
    from names
    inner join court_convictions
        on names.named_delivery_id = court_convictions.delivery_id and names.named_row_no = court_convictions.row_no

),

final as (

    select
        by_subject.naming_key,
        'doj_count' as named_by,
        by_subject.doj_conviction_key,
        cast(null as varchar) as court_conviction_key
    from by_subject
    inner join found_by_subject on by_subject.naming_key = found_by_subject.naming_key
    where by_subject.is_cii_equal or not found_by_subject.is_any_cii_equal
    union all
    select
        naming_key,
        'doj_count' as named_by,
        doj_conviction_key,
        cast(null as varchar) as court_conviction_key
    from by_cii
    union all
    select
        naming_key,
        'court_count' as named_by,
        cast(null as varchar) as doj_conviction_key,
        court_conviction_key
    from by_court_count
    union all
    select
        naming_key,
        'row' as named_by,
        doj_conviction_key,
        cast(null as varchar) as court_conviction_key
    from by_doj_row
    union all
    select
        naming_key,
        'row' as named_by,
        cast(null as varchar) as doj_conviction_key,
        court_conviction_key
    from by_court_row

)

select * from final
