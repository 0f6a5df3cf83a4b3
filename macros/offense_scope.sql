{#
    Whether a policy of this scope evaluates this offense: columns of int_policies__rules and of
    int_policies__evaluated_convictions. The published rules read the text before the first hyphen.
#}
{% macro is_in_offense_scope(policy, conviction) -%}
    (
        ({{ policy }}.offense_scope not in ('statute', 'prop_64_published') and {{ conviction }}.is_prop_64)
        or ({{ policy }}.offense_scope = 'prop_64_published' and {{ conviction }}.is_prop_64_before_hyphen)
        or ({{ policy }}.offense_scope = 'prop_64_and_predecessors' and {{ conviction }}.is_prop_64_predecessor)
        or ({{ policy }}.offense_scope = 'prop_64_and_related' and {{ conviction }}.is_related)
        or ({{ policy }}.offense_scope = 'statute' and {{ conviction }}.is_of_the_statute)
    )
{%- endmacro %}


{#
    Why a policy does not evaluate a conviction that is counted, or `evaluated`: the first reason of
    seeds/reference/evaluation_reasons.csv that applies. Reads columns of int_policies__counted_convictions. There is no
    default reason: a conviction that no reason fits gives NULL, and a test fails.
#}
{% macro reason_not_evaluated(policy, conviction) -%}
    case
        when not {{ conviction }}.is_in_county then 'another_county'
        when {{ conviction }}.source = 'la_court' and {{ policy }}.evaluates_sources not like '%;la_court;%'
            then 'court_records_only'
        when {{ conviction }}.source = 'ca_doj' and {{ policy }}.evaluates_sources not like '%;ca_doj;%'
            then 'doj_file_only'
        when
            {{ is_in_offense_scope(policy, conviction) }}
            and {{ policy }}.offense_scope = 'prop_64_published' and {{ policy }}.overdue_records = 'counted'
            and not {{ conviction }}.is_conviction_as_published
            then 'no_conviction_as_published'
        when {{ is_in_offense_scope(policy, conviction) }} then 'evaluated'
        when {{ conviction }}.is_prop_64_predecessor and {{ policy }}.offense_scope <> 'statute'
            then 'offense_before_1973'
        when {{ conviction }}.is_prop_64 and {{ policy }}.offense_scope = 'prop_64_published'
            then 'section_behind_the_hyphen'
        when {{ conviction }}.charge_kind = 'cannabis' and {{ policy }}.offense_scope = 'statute'
            then 'convicted_of_another_offense'
        when {{ conviction }}.is_of_the_statute then 'charged_with_another_offense'
        when {{ conviction }}.is_related then 'related_offense'
        when {{ conviction }}.charge_kind <> 'cannabis' then {{ conviction }}.charge_kind
    end
{%- endmacro %}
