{% snapshot snap_relief_determinations %}
    {{ config(unique_key=['conviction_key', 'policy_id'], check_cols=['determination', 'reason', 'decision_key']) }}

    with determinations as (

        select
            -- The conviction_key without the reading that was evaluated, because decisions and convictions are joined
            -- by this key.
            {{ without_reading('conviction_key') }} as conviction_key,
            policy_id,
            determination,
            reason
        from {{ ref('int_policies__determinations') }}

    ),

    -- Drafts and shipped variants are left out, because no figure depends on them. Approved copies of either are kept.
    policies as (

        select
            policy_id,
            policy_version
        from {{ ref('dim_policies') }}
        where status = 'approved' or (variant_of = '' and status <> 'draft')

    ),

    decisions as (

        select
            conviction_key,
            policy_id,
            decision_key,
            determination
        from {{ ref('int_review__decided_convictions') }}
        where decision_type = 'eligibility' and decision_status = 'in_force' and determination is not null

    ),

    final as (

        select
            determinations.conviction_key,
            determinations.policy_id,
            coalesce(decisions.determination, determinations.determination) as determination,
            case
                when decisions.decision_key is not null then 'Decided by an attorney'
                else determinations.reason
            end as reason,
            decisions.decision_key
        from determinations
        inner join policies on determinations.policy_id = policies.policy_id
        left join decisions
            on
                determinations.conviction_key = decisions.conviction_key
                and determinations.policy_id = decisions.policy_id

    )

    select * from final
{% endsnapshot %}
