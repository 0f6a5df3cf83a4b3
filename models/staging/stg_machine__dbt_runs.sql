select * from {{ source('machine', 'dbt_runs') }}
