select * from {{ source('landing', 'reject_repairs') }}
