select * from {{ source('machine', 'delivery_measures') }}
