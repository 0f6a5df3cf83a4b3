select * from {{ source('landing', 'added_policies') }}
