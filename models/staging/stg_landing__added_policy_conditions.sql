select * from {{ source('landing', 'added_policy_conditions') }}
