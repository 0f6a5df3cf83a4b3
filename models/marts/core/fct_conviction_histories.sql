-- Describes in words what became of a conviction, whether it is on the DOJ's list, and the person's history.
with evaluated as (

    select
        conviction_key,
        history_key,
        conviction_date,
        first_five_characters,
        is_section_unknown
    from {{ ref('int_policies__evaluated_convictions') }}
    where reading = 'ours'

),

identified as (

    select * from {{ ref('int_identity__convictions') }}

),

words as (

    select * from {{ ref('fct_conviction_words') }}

),

own_keys as (

    select
        conviction_key,
        doj_conviction_key as source_conviction_key
    from identified
    where doj_conviction_key is not null
    union
    select
        conviction_key,
        court_conviction_key
    from identified
    where court_conviction_key is not null

),

later_rows as (

    select
        own_keys.conviction_key,
        'Rows that say what became of it:'
        || chr(10)
        || string_agg(
            '- '
            || coalesce('on ' || rows_said.disposed_date, 'on an unknown day')
            || case rows_said.reached_by
                when 'count' then ', of this count: '
                when 'cycle' then ', of a step of this cycle: '
                else ', of the same court case: '
            end
            || lower(rows_said.words_read)
            || case rows_said.what_it_does
                when 'ends_conviction' then '; it ends the conviction.'
                when 'makes_it_unclear' then '; it may have ended the conviction: that cannot be told.'
                when 'changes_level' then '; the level is lower from that day.'
                when 'may_change_level' then '; it may have lowered the level: that cannot be told.'
                when 'moves_sentence_end' then '; the end of the sentence moves to what it says, or is not known.'
                when 'may_move_sentence_end' then '; it may have moved the end of the sentence: that cannot be told.'
                when 'still_stands' then '; the conviction stays on record, and relief is not barred by it.'
                when 'relieved_before' then '; it names relief under H&S 11361.8.'
                when 'changes_nothing' then '; it is of an earlier day and changes nothing.'
            end,
            chr(10) order by rows_said.disposed_date nulls last, rows_said.source, rows_said.row_no
        ) as later_rows
    from own_keys
    inner join {{ ref('int_judgments__later_rows') }} as rows_said
        on own_keys.source_conviction_key = rows_said.source_conviction_key
    group by own_keys.conviction_key

),

-- Other rows of the same count that name another charge or level, such as the charge before an amendment.
other_rows as (

    select
        own_keys.conviction_key,
        'Other rows of this count, which name another charge or level:'
        || chr(10)
        || string_agg(
            '- '
            || coalesce('on ' || rows_said.disposed_date, 'on an unknown day')
            || ': '
            || lower(rows_said.words_read)
            || '; '
            || coalesce(rows_said.level, 'level unknown')
            || '; '
            || case
                when
                    regexp_full_match(
                        rows_said.section_numbers, '[0-9]{2,5}([.][0-9]{1,2})?(/[0-9]{2,5}([.][0-9]{1,2})?)?'
                    )
                    then 'section ' || replace(rows_said.section_numbers, '/', ' and ')
                else 'no section that could be read'
            end
            || '.',
            chr(10) order by rows_said.disposed_date nulls last, rows_said.source, rows_said.row_no
        ) as other_rows
    from own_keys
    inner join {{ ref('int_judgments__judgments') }} as judgments
        on own_keys.source_conviction_key = judgments.source_conviction_key
    inner join {{ ref('int_judgments__rows') }} as decisive
        on judgments.delivery_id = decisive.delivery_id and judgments.row_no = decisive.row_no
    inner join {{ ref('int_judgments__rows') }} as rows_said
        on judgments.source_conviction_key = rows_said.source_conviction_key
    where
        judgments.has_several_contents
        and rows_said.convicts
        and (
            rows_said.comparable_charge is distinct from decisive.comparable_charge
            or rows_said.level is distinct from decisive.level
        )
    group by own_keys.conviction_key

),

challenges as (

    select
        *,
        case told_by
            when 'relief_event' then 'by the events file'
            when 'review_decision' then 'by an attorney''s decision'
            else ''
        end as told_by_words,
        coalesce('on ' || challenge_date, 'on an unknown day') as challenge_day,
        coalesce(nullif(challenge_ground, ''), 'none given') as ground
    from {{ ref('int_review__challenges') }}

),

list_membership as (

    select
        conviction_key,
        case challenge_status
            when 'not_on_the_list'
                then
                    'On no list of the DOJ, since '
                    || case list_basis
                        when 'court_file_only' then 'only the court''s file holds it'
                        when 'other_offense' then 'the list held no such offense'
                        when 'offense_after_prop_64' then 'the offense is of 2016-11-09 or later'
                        when 'convicted_after_the_list' then 'the conviction came after the list'
                        else 'it was none that the list held'
                    end
                    || ': the review of H&S 11361.9 does not cover it. Relief is asked by petition or motion '
                    || '(H&S 11361.8).'
                    || case
                        when challenge_date is not null or challenge_ground <> ''
                            then
                                ' A challenge is on record '
                                || challenge_day
                                || ', '
                                || told_by_words
                                || '; ground: '
                                || ground
                                || '.'
                        else ''
                    end
            when 'challenged'
                then
                    'Challenged by the prosecution '
                    || challenge_day
                    || case
                        when is_past_challenge_deadline then ', after the deadline of ' || challenge_deadline_date
                        else ''
                    end
                    || ', '
                    || told_by_words
                    || '; ground: '
                    || ground
                    || ' ('
                    || challenge_deadline_citation
                    || ').'
            when 'withdrawn'
                then
                    'A challenge of the prosecution was withdrawn '
                    || coalesce('on ' || withdrawal_date, 'on an unknown day')
                    || ', '
                    || told_by_words
                    || '.'
            when 'cannot_tell'
                then
                    case
                        when was_on_the_list is null
                            then
                                'Whether it was on the DOJ''s list cannot be told, because '
                                || case list_basis
                                    when 'offense_date_unknown' then 'the day of the offense'
                                    else 'the offense'
                                end
                                || ' is not known (H&S 11361.9(a)).'
                        else 'Whether a challenge still stands cannot be told: it or its withdrawal has no day.'
                    end
            when 'not_challenged'
                then
                    case
                        when told_by = 'review_decision'
                            then 'Reviewed by the prosecution and not challenged, by an attorney''s decision.'
                        else
                            'No challenge on record, by events as of '
                            || events_as_of_date
                            || '; the prosecution had until '
                            || challenge_deadline_date
                            || ' ('
                            || challenge_deadline_citation
                            || ').'
                    end
        end as list_membership
    from challenges

),

-- For each person's convictions, the lists of disqualifiers that each one is or may be on.
listed as (

    select
        history_key,
        conviction_key,
        list_id,
        bool_or(is_certain) as is_certain
    from {{ ref('int_policies__history_disqualifiers') }}
    where conviction_key is not null
    group by history_key, conviction_key, list_id
    union all
    select
        person_key,
        conviction_key,
        kind,
        bool_or(is_certain) as is_certain
    from {{ ref('int_statute__disqualifiers') }}
    where conviction_key is not null
    group by person_key, conviction_key, kind

),

list_words as (

    select
        history_key,
        conviction_key,
        bool_or(list_id in ('super_strike', 'pc_290') and not is_certain) as is_perhaps_a_disqualifier,
        string_agg(
            case when is_certain then '; on ' else '; may be on ' end
            || case list_id
                when 'cmr_2019_super_strike' then 'the list of super strikes of 2019'
                when 'cmr_2019_pc290' then 'the list of PC 290 offenses of 2019'
                when 'super_strike' then 'the statute''s list of super strikes (PC 667(e)(2)(C)(iv))'
                when 'perhaps_super_strike' then 'the list of super strikes by facts that no charge names'
                when 'pc_290' then 'the statute''s list of PC 290(c) offenses'
                when 'perhaps_pc_290' then 'the list of PC 290(c) offenses by facts that no charge names'
                when 'failure_to_register' then 'record for failing to register (PC 290)'
                else list_id
            end,
            '' order by list_id
        ) as marks
    from listed
    group by history_key, conviction_key

),

-- A prior, as the rule on priors defines it, is an earlier conviction of a Prop 64 offense that was surely completed
-- and whose charge has the same first five characters.
priors as (

    select distinct
        evaluated.conviction_key,
        others.conviction_key as prior_key
    from evaluated
    inner join {{ ref('int_policies__history_convictions') }} as others
        on evaluated.history_key = others.history_key
    where
        evaluated.conviction_key <> others.conviction_key
        and others.is_prop_64
        and not others.is_attempt
        and not others.is_conspiracy
        and not others.names_another_section
        and not evaluated.is_section_unknown
        and others.first_five_characters = evaluated.first_five_characters
        and others.conviction_date < evaluated.conviction_date

),

-- A conviction whose date cannot be true is not sorted by that date.
others as (

    select
        evaluated.conviction_key,
        words.source,
        words.conviction_date,
        words.delivery_id,
        words.row_no,
        coalesce(list_words.is_perhaps_a_disqualifier, false) as is_perhaps_a_disqualifier,
        '- '
        || words.date_words
        || case
            when own.is_date_impossible or words.is_date_impossible then ' (cannot be ordered)'
            when words.conviction_date < own.conviction_date then ' (earlier)'
            when words.conviction_date = own.conviction_date then ' (the same day)'
            when words.conviction_date > own.conviction_date then ' (later)'
            else ' (cannot be ordered)'
        end
        || '; '
        || words.county_words
        || '; '
        || words.level_words
        || '; '
        || words.offense_words
        || '; sentence: '
        || words.sentence_words
        || coalesce(list_words.marks, '')
        || case when priors.prior_key is not null then '; a prior of the same section' else '' end
        || '.' as line
    from evaluated
    inner join words as own on evaluated.conviction_key = own.conviction_key
    inner join words on evaluated.history_key = words.history_key and evaluated.conviction_key <> words.conviction_key
    left join list_words
        on words.history_key = list_words.history_key and words.conviction_key = list_words.conviction_key
    left join priors on evaluated.conviction_key = priors.conviction_key and words.conviction_key = priors.prior_key

),

other_convictions as (

    select
        conviction_key,
        count(*) as others,
        count(case when is_perhaps_a_disqualifier then 1 end) as perhaps_disqualifiers,
        string_agg(line, chr(10) order by source, conviction_date nulls last, delivery_id, row_no) as lines
    from others
    group by conviction_key

),

registrations_and_deaths as (

    select
        subject_key,
        'Registrations and deaths:'
        || chr(10)
        || string_agg(
            case
                when event_type = 'death' then '- a death, '
                when is_sex_offender_registration then '- a registration under PC 290, '
                else '- a registration of another kind than PC 290, '
            end
            || coalesce('dated ' || event_date, 'without a full date')
            || '.',
            chr(10) order by event_date nulls last, row_no
        ) as lines
    from {{ ref('int_criminal_history__events') }}
    where event_type in ('registration', 'death')
    group by subject_key

),

ended as (

    select
        rows_said.person_or_case_key as history_key,
        'Convictions of the person that have ended, and count for nothing but in the published rules:'
        || chr(10)
        || string_agg(
            '- one '
            || coalesce('of ' || rows_said.disposed_date, 'of an unknown day')
            || ', which ended '
            || coalesce('on ' || judgments.ended_date, 'on an unknown day')
            || '.',
            chr(10) order by judgments.ended_date nulls last, judgments.row_no
        ) as lines
    from {{ ref('int_judgments__judgments') }} as judgments
    inner join {{ ref('int_judgments__rows') }} as rows_said
        on judgments.delivery_id = rows_said.delivery_id and judgments.row_no = rows_said.row_no
    where judgments.conviction_status = 'ended'
    group by rows_said.person_or_case_key

),

final as (

    select
        evaluated.conviction_key,
        other_rows.other_rows,
        later_rows.later_rows,
        coalesce(
            list_membership.list_membership,
            'Whether the prosecution challenges it cannot be told: no events were delivered.'
        ) as list_membership,
        case coalesce(other_convictions.others, 0)
            when 0 then 'No other conviction of the person on record, of any county.'
            when 1 then '1 other conviction of the person on record, of any county:'
            else other_convictions.others || ' other convictions of the person on record, of any county:'
        end
        || coalesce(chr(10) || other_convictions.lines, '') as other_convictions,
        case
            when other_convictions.perhaps_disqualifiers > 0
                then
                    case other_convictions.perhaps_disqualifiers
                        when 1 then 'One of them has a charge'
                        else other_convictions.perhaps_disqualifiers || ' of them have charges'
                    end
                    || ' that cannot be read surely enough to know whether it is a super strike or a PC 290 offense. '
                    || 'The statute''s rules presume that it is neither (H&S 11361.8(b), (f)): '
                    || 'read it in the court''s record.'
        end as unreadable_convictions,
        coalesce(registrations_and_deaths.lines, 'No registration and no death.') as registrations_and_deaths,
        ended.lines as ended_convictions
    from evaluated
    left join other_rows on evaluated.conviction_key = other_rows.conviction_key
    left join later_rows on evaluated.conviction_key = later_rows.conviction_key
    left join list_membership on evaluated.conviction_key = list_membership.conviction_key
    left join other_convictions on evaluated.conviction_key = other_convictions.conviction_key
    left join registrations_and_deaths on evaluated.history_key = registrations_and_deaths.subject_key
    left join ended on evaluated.history_key = ended.history_key

)

select * from final
