-- The notices that each prosecuting agency owes. Notice of a challenge goes to both the court and the public defender;
-- every other notice goes only to the court.
with challenges as (

    select * from {{ ref('int_review__challenges') }}
    where was_on_the_list is not false

),

-- The same convictions of the county as in fct_ab1706_list.
listed as (

    select
        convictions.conviction_key,
        convictions.person_key
    from {{ ref('fct_convictions') }} as convictions
    inner join challenges on convictions.conviction_key = challenges.conviction_key
    where convictions.is_in_county

),

agencies as (

    select
        conviction_key,
        prosecuting_agency_name
    from {{ ref('int_prosecution__agencies') }}

),

sent_notices as (

    select distinct
        conviction_key,
        case event_type when 'notice_to_court' then 'court' else 'public_defender' end as notice_to
    from {{ ref('int_orders__event_matches') }}
    where match_status = 'matched' and event_type in ('notice_to_court', 'notice_to_public_defender')

),

context as (

    select
        extract_as_of_date,
        is_synthetic
    from {{ ref('stg_landing__build_context') }}

),

noticed as (

    select
        listed.conviction_key,
        listed.person_key,
        coalesce(agencies.prosecuting_agency_name, 'unknown') as prosecuting_agency_name,
        case
            when challenges.challenge_status = 'challenged' then 'challenged'
            when challenges.challenge_status in ('not_challenged', 'withdrawn') then 'not_challenged'
            else 'cannot_tell'
        end as notice,
        challenges.events_as_of_date
    from listed
    inner join challenges on listed.conviction_key = challenges.conviction_key
    left join agencies on listed.conviction_key = agencies.conviction_key

),

owed_notices as (

    select
        noticed.*,
        'court' as notice_to
    from noticed
    union all
    select
        noticed.*,
        'public_defender' as notice_to
    from noticed
    where notice = 'challenged'

),

final as (

    select
        owed_notices.prosecuting_agency_name,
        owed_notices.notice,
        owed_notices.notice_to,
        'convictions' as unit,
        count(*) as convictions,
        -- Without event files, it is unknown which notices were sent.
        case when max(owed_notices.events_as_of_date) is not null then count(sent_notices.conviction_key) end
            as convictions_sent,
        count(distinct owed_notices.person_key) as people,
        cast(max(owed_notices.events_as_of_date) as date) as events_as_of_date,
        cast(max(context.extract_as_of_date) as date) as extract_as_of_date,
        bool_or(context.is_synthetic) as is_synthetic
    from owed_notices
    cross join context
    left join sent_notices
        on
            owed_notices.conviction_key = sent_notices.conviction_key
            and owed_notices.notice_to = sent_notices.notice_to
    group by owed_notices.prosecuting_agency_name, owed_notices.notice, owed_notices.notice_to

)

select * from final
