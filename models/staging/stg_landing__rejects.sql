select * from {{ source('landing', 'rejects') }}
