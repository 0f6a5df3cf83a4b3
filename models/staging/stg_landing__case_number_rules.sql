select * from {{ source('landing', 'case_number_rules') }}
