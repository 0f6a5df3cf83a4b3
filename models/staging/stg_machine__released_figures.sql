select * from {{ source('machine', 'released_figures') }}
