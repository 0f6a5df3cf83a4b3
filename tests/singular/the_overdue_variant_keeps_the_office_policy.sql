-- The variant leaves overdue records out. Otherwise its rules are those of the office policy.
with rules as (

    select * from {{ ref('policy_rules') }}

),

conditions as (

    select * from {{ ref('policy_conditions') }}

),

policies as (

    select
        policy_id,
        version,
        county,
        offense_scope,
        evaluates_sources,
        published_as,
        source,
        overdue_records,
        unknown_plants
    from {{ ref('policies') }}

),

expected as (

    select * replace ('la_office_2020_no_conviction_overdue_left_out' as policy_id, 'left_out' as overdue_records)
    from policies
    where policy_id = 'la_office_2020_no_conviction' and overdue_records = 'counted'

)

{% for relation in ['rules', 'conditions'] %}
select
    '{{ relation }}' as finding,
    rule_id
from (
    select * exclude (policy_id) from {{ relation }}
    where policy_id = 'la_office_2020_no_conviction'
    except
    select * exclude (policy_id) from {{ relation }}
    where policy_id = 'la_office_2020_no_conviction_overdue_left_out'
)
union all
select
    '{{ relation }}' as finding,
    rule_id
from (
    select * exclude (policy_id) from {{ relation }}
    where policy_id = 'la_office_2020_no_conviction_overdue_left_out'
    except
    select * exclude (policy_id) from {{ relation }}
    where policy_id = 'la_office_2020_no_conviction'
)
union all
{% endfor %}
select
    'policy' as finding,
    expected.policy_id as rule_id
from expected
where expected not in (select policies from policies)
