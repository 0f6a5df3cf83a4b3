select * from {{ source('machine', 'check_results') }}
