{% set held = ['ordered_relief_unknown', 'not_found_in_court', 'referred_to_city_attorney'] %}
-- This is a view. The exports read it for one policy at a time.
with determinations as (

    select
        *,
        -- If the number of plants is unknown, only the cultivation rule presumes more than six.
        case when deciding_rule_id = 'cultivation' then conviction_key end as more_plants_key
    from {{ ref('fct_relief_determinations') }}
    where starts_with(determination, 'Eligible')

),

identifiers as (

    select * from {{ ref('int_filing__case_identifiers') }}

),

outcomes as (

    select * from {{ ref('int_orders__outcomes') }}

),

priorities as (

    select * from {{ ref('int_filing__priorities') }}

),

persons as (

    select
        person_key,
        is_deceased
    from {{ ref('int_identity__persons') }}

),

agencies as (

    select * from {{ ref('int_prosecution__agencies') }}

),

challenges as (

    select * from {{ ref('int_review__challenges') }}

),

after_sentence as (

    select * from {{ ref('int_filing__after_sentence') }}
    where determination in ('Eligible for Redesignation', 'Eligible for Reduction')

),

sentences as (

    select
        conviction_key,
        served_until_date,
        ended_from_date
    from {{ ref('int_statute__sentences') }}

),

-- A sentence may have ended before the day of evaluation; both of its days are then set to the day of evaluation.
resentencings as (

    select
        determinations.conviction_key,
        determinations.policy_id,
        determinations.evaluated_as_of_date,
        sentences.ended_from_date is not null as has_known_end,
        greatest(sentences.served_until_date, determinations.evaluated_as_of_date) as served_until_date,
        greatest(
            sentences.ended_from_date, sentences.served_until_date, determinations.evaluated_as_of_date
        ) as ended_from_date
    from determinations
    left join sentences on determinations.conviction_key = sentences.conviction_key
    where determinations.determination = 'Eligible for Resentencing'

),

-- From the day of evaluation on, every day is in exactly one span of the sentence: served, perhaps served, or ended.
spans as (

    select
        conviction_key,
        policy_id,
        'served' as sentence_state,
        evaluated_as_of_date as filed_from_date,
        served_until_date as filed_before_date
    from resentencings
    where served_until_date > evaluated_as_of_date
    union all
    select
        conviction_key,
        policy_id,
        'unknown' as sentence_state,
        served_until_date as filed_from_date,
        case when has_known_end then ended_from_date end as filed_before_date
    from resentencings
    where not has_known_end or ended_from_date > served_until_date
    union all
    select
        conviction_key,
        policy_id,
        'ended' as sentence_state,
        ended_from_date as filed_from_date,
        null as filed_before_date
    from resentencings
    where has_known_end

),

-- After the sentence has ended, a resentencing that an attorney decided goes to an attorney again, because no rule
-- determined what follows.
granted as (

    select
        determinations.* exclude (legal_ground, reason, citation, more_plants_key),
        spans.sentence_state,
        coalesce(spans.filed_from_date, determinations.evaluated_as_of_date) as filed_from_date,
        spans.filed_before_date,
        coalesce(after_sentence.legal_ground, determinations.legal_ground) as legal_ground,
        coalesce('Sentence ended by the day of filing. ' || after_sentence.reason, determinations.reason) as reason,
        coalesce(after_sentence.citation, determinations.citation) as citation,
        coalesce(after_sentence.determination, determinations.determination) as determination_asked,
        -- Whether the conduct is still an offense today by the rules after the one that resentences; false if it is
        -- lawful today.
        forms_today.rule_id is not null as has_form_today,
        case
            when forms_today.rule_id = 'cultivation' then determinations.conviction_key
            else determinations.more_plants_key
        end as more_plants_key
    from determinations
    left join spans
        on determinations.conviction_key = spans.conviction_key and determinations.policy_id = spans.policy_id
    left join after_sentence
        on
            determinations.conviction_key = after_sentence.conviction_key
            and determinations.policy_id = after_sentence.policy_id
            and spans.sentence_state = 'ended'
            and determinations.decision_key is null
    left join after_sentence as forms_today
        on
            determinations.conviction_key = forms_today.conviction_key
            and determinations.policy_id = forms_today.policy_id
            and determinations.determination = 'Eligible for Resentencing'

),

-- `redesignations` and `more_plants` each have one row per conviction, so that their joins need only conviction_key.
redesignations as (

    select * from {{ ref('int_filing__redesignations') }}
    where unknown_plants is null or unknown_plants = 'six_or_fewer'

),

more_plants as (

    select * from {{ ref('int_filing__redesignations') }}
    where unknown_plants = 'more_than_six'

),

joined as (

    select
        determinations.conviction_key,
        determinations.policy_id,
        determinations.policy_version,
        identifiers.* exclude (conviction_key),
        coalesce(
            agencies.prosecuting_agency_name,
            case when agencies.prosecuting_agency = 'city_attorney' then 'CITY ATTORNEY, CITY UNKNOWN' end,
            'unknown'
        ) as prosecuting_agency_name,
        agencies.agency_source,
        determinations.determination,
        determinations.reason,
        determinations.citation,
        determinations.assumed_facts,
        determinations.legal_ground,
        case
            when determinations.determination_asked = 'Eligible for Dismissal and Sealing' then 'dismissal_and_sealing'
            when determinations.determination_asked = 'Eligible for Dismissal' then 'dismissal'
            when determinations.determination_asked in ('Eligible for Redesignation', 'Eligible for Reduction')
                then 'redesignation'
            when determinations.determination_asked = 'Eligible for Resentencing' then 'resentencing'
        end as relief_asked,
        coalesce(more_plants.redesignated_to_section, redesignations.redesignated_to_section)
            as redesignated_to_section,
        coalesce(more_plants.redesignated_to_level, redesignations.redesignated_to_level) as redesignated_to_level,
        coalesce(more_plants.citation, redesignations.citation) as redesignation_citation,
        challenges.challenge_status,
        challenges.challenge_ground,
        challenges.challenge_date,
        challenges.is_past_challenge_deadline,
        challenges.was_on_the_list,
        challenges.is_offense_before_prop_64,
        determinations.has_form_today,
        determinations.decision_key,
        -- On the grounds PC 1385 and office policy the prosecutor makes a motion; no cannabis relief statute orders the
        -- relief.
        coalesce(determinations.legal_ground in ('PC 1385', 'office policy'), false) as is_motion_of_the_office,
        outcomes.outcome,
        outcomes.relief_order_date,
        persons.is_deceased,
        priorities.in_custody,
        priorities.in_custody_basis,
        priorities.has_pending_petition,
        determinations.sentence_state,
        determinations.filed_from_date,
        determinations.filed_before_date,
        determinations.evaluated_as_of_date,
        determinations.extract_as_of_date,
        determinations.is_synthetic
    from granted as determinations
    inner join identifiers on determinations.conviction_key = identifiers.conviction_key
    inner join priorities on identifiers.person_key = priorities.person_key
    left join persons on identifiers.person_key = persons.person_key
    left join agencies on determinations.conviction_key = agencies.conviction_key
    left join challenges on determinations.conviction_key = challenges.conviction_key
    left join outcomes on determinations.conviction_key = outcomes.conviction_key
    left join redesignations on determinations.conviction_key = redesignations.conviction_key
    left join more_plants
        on determinations.more_plants_key = more_plants.conviction_key

),

-- filing_status is the first status whose condition applies.
lined as (

    select
        *,
        case
            when is_juvenile_case then 'juvenile_case'
            when outcome like 'ordered_%' and outcome <> 'ordered_relief_unknown' then 'already_' || outcome
            when outcome in ('denied', 'already_relieved') then outcome
            when outcome in ('{{ held | join("', '") }}') then outcome
            when is_deceased then 'deceased'
            when legal_ground = '' then 'no_legal_ground'
            when relief_asked is null then 'relief_not_named'
            -- PC 1385 allows only a dismissal, and H&S 11361.8 applies only to offenses before Proposition 64.
            when is_motion_of_the_office and not starts_with(relief_asked, 'dismissal') then 'ground_cannot_order'
            when not is_motion_of_the_office and not is_offense_before_prop_64 then 'ground_cannot_order'
            when relief_asked = 'resentencing' and sentence_state = 'unknown' then 'sentence_end_unknown'
            when relief_asked = 'resentencing' and sentence_state = 'ended' then 'sentence_ended'
            when relief_asked = 'redesignation' and redesignated_to_section is null then 'redesignation_not_known'
            when case_number is null then 'no_case_number'
            when section is null then 'no_section'
            when count_number is null then 'no_count_number'
            else 'to_be_filed'
        end as filing_status,
        coalesce(relief_asked = 'redesignation' or (relief_asked = 'resentencing' and has_form_today), false)
            as is_of_another_form_today
    from joined

),

final as (

    select
        conviction_key,
        policy_id,
        policy_version,
        person_key,
        case
            when filing_status = 'juvenile_case' then 'left_out'
            when filing_status like 'already_%' or filing_status = 'denied' then 'settled'
            when filing_status <> 'to_be_filed' then 'held'
            when challenge_status = 'not_on_the_list' then 'not_on_the_list'
            when challenge_status = 'challenged' then 'challenged'
            when challenge_status in ('not_challenged', 'withdrawn') then 'unchallenged'
            else 'challenge_unknown'
        end as filing_list,
        filing_status,
        case when in_custody = 'yes' or has_pending_petition = 'yes' then 1 else 2 end as priority,
        in_custody,
        in_custody_basis,
        has_pending_petition,
        courthouse_key,
        courthouse_source,
        prosecuting_agency_name,
        agency_source,
        case_number,
        case_number_source,
        defendant_number,
        count_number,
        name_court,
        name_doj,
        birth_date,
        birth_date_source,
        cii_number,
        cii_source,
        subject_id,
        cnt_order,
        section,
        subdivision,
        offense_text,
        offense_read,
        level,
        offense_form,
        level_source,
        conviction_date,
        conviction_date_source,
        concat_ws(
            ';',
            case when case_number is null then 'case_number' end,
            case when defendant_number is null then 'defendant_number' end,
            case when count_number is null then 'count_number' end,
            case when coalesce(name_court, name_doj) is null then 'name' end,
            case when birth_date is null then 'birth_date' end,
            case when cii_number is null then 'cii_number' end,
            case when section is null then 'section' end,
            case when level is null then 'level' end,
            case when conviction_date is null then 'conviction_date' end,
            case when courthouse_key = 'unknown' then 'courthouse' end,
            case when prosecuting_agency_name = 'unknown' then 'prosecuting_agency' end
        ) as missing,
        is_link_weak,
        determination,
        reason,
        -- The statute that orders the relief, as the deciding rule cites it. If an office's announcement or an
        -- attorney's decision grants the relief, the statute is chosen by the relief instead.
        case
            when is_motion_of_the_office then 'PC 1385(a)'
            when decision_key is null and starts_with(citation, 'H&S ') then citation
            when relief_asked = 'resentencing' then 'H&S 11361.8(a), (b)'
            else 'H&S 11361.8(e), (f)'
        end as citation,
        assumed_facts,
        relief_asked,
        case when is_of_another_form_today then redesignated_to_section end as redesignated_to_section,
        case when is_of_another_form_today then redesignated_to_level end as redesignated_to_level,
        legal_ground,
        -- H&S 11361.9 orders relief under H&S 11361.8 for a conviction that was on the DOJ's list. For any other
        -- conviction, relief is requested by a motion or a Judicial Council form. On the grounds PC 1385 and office
        -- policy, the prosecutor's office makes a motion.
        case
            when is_motion_of_the_office then 'PC 1385(a): motion of the prosecutor'
            when was_on_the_list then 'H&S 11361.9'
            when relief_asked = 'resentencing' then 'H&S 11361.8(a), (b): form CR-400'
            else 'H&S 11361.8(e), (f): motion, or form CR-400 or CR-401'
        end as ordering_statute,
        challenge_status,
        challenge_ground,
        challenge_date,
        is_past_challenge_deadline,
        relief_order_date,
        sentence_state,
        cast(filed_from_date as date) as filed_from_date,
        cast(filed_before_date as date) as filed_before_date,
        evaluated_as_of_date,
        extract_as_of_date,
        is_synthetic
    from lined

)

select * from final
