-- This is a view. The filing package reads it for one policy at a time.
with listed as (

    select
        conviction_key,
        policy_id,
        person_key,
        list_standing
    from {{ ref('fct_ab1706_list') }}
    where policy_answer <> 'granted'

),

identifiers as (

    select
        conviction_key,
        case_number,
        section,
        count_number,
        is_juvenile_case
    from {{ ref('int_filing__case_identifiers') }}

),

policies as (

    select
        policy_id,
        policy_version,
        offense_scope
    from {{ ref('dim_policies') }}

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

challenges as (

    select * from {{ ref('int_review__challenges') }}

),

outcomes as (

    select * from {{ ref('int_orders__outcomes') }}

),

deadlines as (

    select
        max(case when deadline_id = 'challenge' then deadline_date end) as challenge_deadline_date,
        max(case when deadline_id = 'ab1706_orders' then deadline_date end) as order_deadline_date
    from {{ ref('legal_deadlines') }}

),

context as (

    select * from {{ ref('stg_landing__build_context') }}

),

-- not_granted_status is the first status that applies, in the same order as in fct_relief_filings.
final as (

    select
        listed.conviction_key,
        listed.policy_id,
        policies.policy_version,
        listed.person_key,
        case
            when identifiers.is_juvenile_case then 'juvenile_case'
            when outcomes.outcome like 'ordered_%' then 'already_ordered'
            when outcomes.outcome in ('denied', 'already_relieved') then outcomes.outcome
            when challenges.was_on_the_list is null then 'list_unknown'
            when challenges.challenge_status = 'challenged' then 'challenged'
            when challenges.challenge_status not in ('not_challenged', 'withdrawn') then 'challenge_unknown'
            -- A clerk cannot enter an order without a case, a section or a count, so an attorney completes the order
            -- first.
            when identifiers.case_number is null then 'no_case_number'
            when identifiers.section is null then 'no_section'
            when identifiers.count_number is null then 'no_count_number'
            else 'put_to_the_court'
        end as not_granted_status,
        coalesce(determinations.determination, 'not evaluated by this policy') as determination,
        coalesce(determinations.reason, '') as reason,
        -- The court reads this citation. A statute orders the relief; an office's announcement cannot.
        case
            when policies.offense_scope = 'statute' then coalesce(determinations.citation, '')
            else 'H&S 11361.9'
        end as citation,
        listed.list_standing,
        outcomes.outcome,
        challenges.challenge_status,
        case
            when challenges.was_on_the_list is null
                then 'Whether it was on the DOJ''s list cannot be told: an attorney looks it up first. '
            else ''
        end
        || 'H&S 11361.9: for a conviction on the DOJ''s list that was unchallenged on '
        || cast(deadlines.challenge_deadline_date as varchar)
        || ' an order is owed, in the form that H&S 11361.8 gives, and is still owed after '
        || cast(deadlines.order_deadline_date as varchar)
        || '; nothing happens without the court''s order.' as what_is_owed,
        cast(challenges.events_as_of_date as date) as events_as_of_date,
        cast(context.extract_as_of_date as date) as extract_as_of_date,
        context.is_synthetic
    from listed
    inner join policies on listed.policy_id = policies.policy_id
    cross join deadlines
    cross join context
    left join identifiers on listed.conviction_key = identifiers.conviction_key
    left join challenges on listed.conviction_key = challenges.conviction_key
    left join outcomes on listed.conviction_key = outcomes.conviction_key
    left join determinations
        on listed.conviction_key = determinations.conviction_key and listed.policy_id = determinations.policy_id
    where determinations.determination is null or not starts_with(determinations.determination, 'Eligible')

)

select * from final
