-- If a county's name is spelled differently, the county is not guessed and its convictions are not dropped. The
-- spelling is listed here.
with convicted_rows as (

    select
        delivery_id,
        row_no,
        subject_key,
        county_name,
        trim(replace(county_name_raw, chr(9), ' ')) as county_text
    from {{ ref('int_criminal_history__rows') }}
    where has_convicted_disposition and step_type <> 'ARREST/DETAINED/CITED'

),

convictions as (

    select
        delivery_id,
        row_no,
        doj_conviction_key
    from {{ ref('int_convictions__criminal_history') }}
    where is_count_order_valid

),

counties as (

    select
        county_code,
        county_name,
        replace(county_name, ' ', '') as county_core,
        -- The initials of a county's name that has several words.
        case
            when county_name like '% %' then regexp_replace(county_name, '([A-Z])[A-Z]*[ ]*', '\1', 'g')
        end as initials
    from {{ ref('california_counties') }}

),

spellings as (

    select distinct
        county_text,
        county_name,
        {{ county_core('county_text') }} as spelling_core
    from convicted_rows
    -- A blank county is not a spelling; its convictions are counted as `Cannot tell: county`.
    where county_name is not null and county_text not in (select county_name from counties)

),

candidates as (

    select
        spellings.county_text,
        spellings.spelling_core,
        counties.county_name as likely_county_name,
        counties.county_name = spellings.county_name as is_read,
        case
            when spellings.spelling_core = counties.county_core then 1
            when spellings.spelling_core = counties.initials then 1
            when
                regexp_matches(spellings.spelling_core, '^0*[1-9][0-9]?$')
                and lpad(ltrim(spellings.spelling_core, '0'), 2, '0') = counties.county_code
                then 1
            -- A text with one typing error is taken for a county only if the county's name is long. Near a short name,
            -- the text may be a person's name, as MARTIN is one letter from MARIN.
            when {{ one_edit_apart('spellings.spelling_core', 'counties.county_core') }}
                then case when length(counties.county_core) >= 8 then 1 else 2 end
        end as likeness
    from spellings
    cross join counties

),

-- A text that may mean two counties is assigned to neither of them.
likely_counties as (

    select
        county_text,
        case when count(*) = 1 then max(likely_county_name) end as likely_county_name,
        bool_or(is_read) as is_read,
        min(likeness) as likeness
    from candidates
    where likeness is not null
    group by county_text

),

-- A text is shown only if it can only be a county's name, code or initials; any other text may be a person's name.
shown as (

    select
        spellings.county_text,
        case
            when
                length(spellings.county_text) <= 40
                and (
                    likely_counties.likeness = 1
                    or regexp_matches(spellings.spelling_core, '^([A-Z]{1,2}|[0-9]{1,2})$')
                )
                then spellings.county_text
            else 'other text'
        end as shown_text,
        likely_counties.likely_county_name,
        coalesce(likely_counties.is_read, false) as is_read
    from spellings
    left join likely_counties on spellings.county_text = likely_counties.county_text

),

final as (

    select
        shown.shown_text as county_text,
        shown.likely_county_name,
        shown.is_read,
        case when shown.is_read then 'county_spelled_otherwise' else 'county_not_in_list' end as finding,
        count(*) as conviction_rows,
        count(convictions.doj_conviction_key) as convictions,
        count(distinct convicted_rows.subject_key) as subjects
    from convicted_rows
    inner join shown on convicted_rows.county_text = shown.county_text
    left join convictions
        on convicted_rows.delivery_id = convictions.delivery_id and convicted_rows.row_no = convictions.row_no
    group by shown.shown_text, shown.likely_county_name, shown.is_read

)

select * from final
