-- People who are counted as two but may be one, and people who are counted as one but may be two.
with person_links as (

    select * from {{ ref('int_identity__person_links') }}

),

scored_pairs as (

    select * from {{ ref('int_linkage__scored_pairs') }}

),

decided_different as (

    select distinct
        subject_key,
        case_defendant_key
    from {{ ref('int_identity__decided_links') }}
    where decision_type = 'person_link' and decision_status = 'in_force' and verdict = 'different'

),

persons as (

    select * from {{ ref('int_identity__persons') }}

),

-- Pairs of a person found only in the court's records and a DOJ subject who may be the same person by the weights.
perhaps_one as (

    select distinct
        person_links.person_key,
        scored_pairs.subject_key
    from scored_pairs
    inner join person_links on scored_pairs.case_defendant_key = person_links.case_defendant_key
    inner join persons on person_links.person_key = persons.person_key
    left join decided_different
        on
            scored_pairs.subject_key = decided_different.subject_key
            and scored_pairs.case_defendant_key = decided_different.case_defendant_key
    where not persons.is_in_doj_file and decided_different.subject_key is null

),

-- Pairs that are linked only by the weights, with odds of less than a thousand to one that they are one person.
perhaps_two as (

    select distinct person_links.person_key
    from person_links
    inner join scored_pairs
        on
            person_links.case_defendant_key = scored_pairs.case_defendant_key
            and person_links.person_key = scored_pairs.subject_key
    where person_links.link_basis = 'probable' and scored_pairs.match_weight < 10

),

flags as (

    select
        person_key,
        true as is_perhaps_another,
        false as has_perhaps_another,
        false as is_perhaps_two
    from perhaps_one
    union all
    select
        subject_key as person_key,
        false as is_perhaps_another,
        true as has_perhaps_another,
        false as is_perhaps_two
    from perhaps_one
    union all
    select
        person_key,
        false as is_perhaps_another,
        false as has_perhaps_another,
        true as is_perhaps_two
    from perhaps_two

),

final as (

    select
        person_key,
        bool_or(is_perhaps_another) as is_perhaps_another,
        bool_or(has_perhaps_another) as has_perhaps_another,
        bool_or(is_perhaps_two) as is_perhaps_two
    from flags
    group by person_key

)

select * from final
