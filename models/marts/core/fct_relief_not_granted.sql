-- A view: read for one policy at a time, by the filing package.
with listed as (

    select * from {{ ref('fct_ab1706_list') }}
    where policy_answer <> 'granted'

),

determinations as (

    select
        conviction_key,
        policy_id,
        determination,
        reason,
        citation
    from {{ ref('fct_relief_determinations') }}

),

identifiers as (

    select
        conviction_key,
        is_juvenile_case
    from {{ ref('int_filing__case_identifiers') }}

),

deadlines as (

    select max(case when deadline_id = 'challenge' then deadline_date end) as challenge_deadline_date
    from {{ ref('legal_deadlines') }}

),

-- The first of these that holds, in the order of fct_relief_filings.
final as (

    select
        listed.conviction_key,
        listed.policy_id,
        listed.policy_version,
        listed.person_key,
        case
            when identifiers.is_juvenile_case then 'juvenile_case'
            when listed.outcome like 'ordered_%' then 'already_ordered'
            when listed.outcome in ('denied', 'already_relieved') then listed.outcome
            when listed.challenge_status = 'challenged' then 'challenged'
            when listed.challenge_status in ('not_challenged', 'withdrawn') then 'put_to_the_court'
            else 'challenge_unknown'
        end as not_granted_status,
        coalesce(determinations.determination, 'not evaluated by this policy') as determination,
        coalesce(determinations.reason, '') as reason,
        coalesce(determinations.citation, '') as citation,
        listed.list_standing,
        listed.outcome,
        listed.challenge_status,
        'H&S 11361.9: for a conviction on the DOJ''s list that was unchallenged on '
        || cast(deadlines.challenge_deadline_date as varchar)
        || ' an order is owed, in the form that H&S 11361.8 gives, and is still owed after '
        || cast(listed.order_deadline_date as varchar)
        || '; nothing happens without the court''s order.' as what_is_owed,
        listed.events_as_of_date,
        listed.extract_as_of_date,
        listed.is_synthetic
    from listed
    cross join deadlines
    left join identifiers on listed.conviction_key = identifiers.conviction_key
    left join determinations
        on listed.conviction_key = determinations.conviction_key and listed.policy_id = determinations.policy_id

)

select * from final
