-- Describes a conviction without any free text from a file: a text is shown as written only if it has the shape of a
-- section, a code or a county. The rules do not read these words; they read int_charges__read.
{%- set as_written = '([0-9]{2,5}(?:[.][0-9]{1,2})?[A-Z]?(?:[(][A-Z0-9]{1,2}[)]){0,4}) ?(HS|PC|VC|BP|WI|GC|LC|FG)' %}

with convictions as (

    select
        doj_conviction_key as conviction_key,
        subject_key as history_key,
        'ca_doj' as source,
        delivery_id,
        row_no,
        conviction_date,
        county_name,
        level,
        charge_text
    from {{ ref('int_convictions__criminal_history') }}
    union all
    select
        court_convictions.court_conviction_key,
        identified.person_key,
        identified.source,
        court_convictions.delivery_id,
        court_convictions.row_no,
        court_convictions.conviction_date,
        court_convictions.county_name,
        court_convictions.level,
        court_convictions.charge_text
    from {{ ref('int_convictions__court') }} as court_convictions
    -- This join keeps only the convictions that are in the court's file and not in the DOJ's.
    inner join {{ ref('int_identity__convictions') }} as identified
        on court_convictions.court_conviction_key = identified.conviction_key
    where identified.source = 'la_court'

),

read_charges as (

    select
        charges.charge_text,
        charges.is_blank,
        -- The part of the charge before the hyphen, such as 11360(A) HS or 213(A)(1)(A) PC.
        upper(trim(split_part(charges.charge_text, '-', 1))) as head,
        nullif(offense_sections.code_type, '') as code_type,
        coalesce(nullif(offense_sections.section_numbers, ''), charges.section, '') as numbers,
        trim(
            regexp_replace(
                coalesce(nullif(offense_sections.subdivisions, ''), charges.subdivision, ''), '/+', '/', 'g'
            ),
            '/'
        ) as subdivisions
    from {{ ref('int_charges__parsed') }} as charges
    left join {{ ref('int_criminal_history__offense_sections') }} as offense_sections
        on charges.charge_text = offense_sections.charge_text

),

charge_words as (

    select
        charge_text,
        case
            when is_blank then 'no charge is given'
            when regexp_full_match(head, '{{ as_written }}')
                then
                    regexp_extract(head, '{{ as_written }}', 2)
                    || ' '
                    || regexp_extract(head, '{{ as_written }}', 1)
            when numbers = '' then 'names no section that could be read'
            -- A charge can name one section, or two such as 664 and 11359.
            when not regexp_full_match(numbers, '[0-9]{2,5}([.][0-9]{1,2})?(/[0-9]{2,5}([.][0-9]{1,2})?)?')
                then 'names sections that could not be read'
            else
                coalesce(code_type || ' ', '')
                || replace(numbers, '/', ' and ')
                || case
                    when
                        subdivisions <> ''
                        and regexp_full_match(
                            subdivisions, '[A-Z]{0,2}[0-9]{0,2}[A-Z]?[0-9]?(/[A-Z]{0,2}[0-9]{0,2}[A-Z]?[0-9]?)*'
                        )
                        then ', subdivision ' || replace(subdivisions, '/', ' and ')
                    else ''
                end
                || case when code_type is null then ', no code named' else '' end
        end as offense_words
    from read_charges

),

sentence_parts as (

    select
        *,
        case
            when
                sentence_place_name in (
                    'JAIL', 'COUNTY JAIL', 'PRISON', 'STATE PRISON', 'PROBATION', 'PAROLE', 'FINE', 'RESTITUTION'
                )
                then lower(sentence_place_name)
            else 'another kind of sentence'
        end as kind
    from {{ ref('int_convictions__sentence_parts') }}
    where doj_conviction_key is not null

),

sentences as (

    select
        doj_conviction_key,
        string_agg(
            case
                when not coalesce(is_sentence_readable, false) then kind || ' of no readable length'
                when sentence_length is not null and sentence_unit is not null
                    then
                        {{ number_in_words('sentence_length', "''") }}
                        || ' '
                        || case when sentence_length = 1 then rtrim(sentence_unit, 's') else sentence_unit end
                        || ' '
                        || kind
                else kind
            end,
            ', ' order by row_no, part_no
        ) as sentence_words
    from sentence_parts
    group by doj_conviction_key

),

impossible as (

    select distinct source_conviction_key
    from {{ ref('int_convictions__impossible_dates') }}
    where fact = 'conviction_date'

),

final as (

    select
        convictions.conviction_key,
        convictions.history_key,
        convictions.source,
        convictions.delivery_id,
        convictions.row_no,
        convictions.conviction_date,
        impossible.source_conviction_key is not null as is_date_impossible,
        case
            when convictions.conviction_date is null then 'without a full date'
            else
                'dated '
                || convictions.conviction_date
                || case when impossible.source_conviction_key is not null then ', which cannot be true' else '' end
        end as date_words,
        case
            when coalesce(convictions.county_name, '') = '' then 'in a county that is not given'
            when regexp_full_match(convictions.county_name, '[A-Z][A-Z .]{1,24}')
                then 'in ' || convictions.county_name || ' county'
            else 'in a county whose name could not be read'
        end as county_words,
        coalesce(nullif(convictions.level, ''), 'level (felony, misdemeanor or infraction) unknown') as level_words,
        coalesce(charge_words.offense_words, 'no charge is given') as offense_words,
        coalesce(sentences.sentence_words, 'none given') as sentence_words
    from convictions
    left join charge_words on convictions.charge_text = charge_words.charge_text
    left join sentences on convictions.conviction_key = sentences.doj_conviction_key
    left join impossible on convictions.conviction_key = impossible.source_conviction_key

)

select * from final
