select * from {{ source('machine', 'last_dbt_run') }}
