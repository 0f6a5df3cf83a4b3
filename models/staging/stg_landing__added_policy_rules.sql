select * from {{ source('landing', 'added_policy_rules') }}
