-- Our answer and the answer of each interpretation, by row of the file, for people whose file the older tool interprets
-- differently.
with subjects_read as (

    select * from {{ ref('int_interpretations__subjects') }}

),

subjects as (

    select distinct subject_key from subjects_read

),

policies_of_ours as (

    select distinct policy_id from {{ ref('int_policies__rules') }}
    where offense_scope = 'statute' or overdue_records = 'left_out'

),

published_policies as (

    select distinct policy_id from {{ ref('int_policies__rules') }}
    where offense_scope = 'prop_64_published'

),

answers as (

    select
        case evaluated.reading when 'published' then 'ours' else evaluated.reading end as reading,
        evaluated.subject_key,
        evaluated.delivery_id,
        evaluated.row_no,
        evaluated.subject_id,
        evaluated.cnt_order,
        determinations.policy_id,
        determinations.determination,
        determinations.reason
    from {{ ref('int_policies__determinations') }} as determinations
    inner join {{ ref('int_policies__evaluated_convictions') }} as evaluated
        on determinations.conviction_key = evaluated.conviction_key
    inner join subjects on evaluated.subject_key = subjects.subject_key
    left join published_policies on determinations.policy_id = published_policies.policy_id
    -- The older tool had no policy that follows the statute or leaves records out, so such policies are not compared
    -- with it.
    left join policies_of_ours on determinations.policy_id = policies_of_ours.policy_id
    where
        policies_of_ours.policy_id is null
        -- For people whose file the published rules interpret in their own way, only the published rules are compared
        -- with the older tool's defects.
        and (published_policies.policy_id is not null or not coalesce(evaluated.is_read_as_published, false))

),

evaluated_rows as (

    select
        subject_key,
        delivery_id,
        row_no,
        policy_id,
        max(subject_id) as subject_id,
        max(cnt_order) as cnt_order,
        max(case when reading = 'ours' then determination end) as determination,
        max(case when reading = 'ours' then reason end) as reason,
        max(case when reading = 'older_tool' then determination end) as older_tool_determination,
        max(case when reading = 'older_tool' then reason end) as older_tool_reason
    from answers
    group by subject_key, delivery_id, row_no, policy_id

),

final as (

    select
        evaluated_rows.*,
        subjects_read.reading,
        -- Rows that only we or only the interpretation evaluates have no answer on the other side.
        coalesce(answers.determination || '|' || answers.reason, '')
        <> coalesce(evaluated_rows.determination || '|' || evaluated_rows.reason, '') as is_different
    from evaluated_rows
    inner join subjects_read on evaluated_rows.subject_key = subjects_read.subject_key
    left join answers
        on
            subjects_read.reading = answers.reading
            and evaluated_rows.delivery_id = answers.delivery_id
            and evaluated_rows.row_no = answers.row_no
            and evaluated_rows.policy_id = answers.policy_id

)

select * from final
