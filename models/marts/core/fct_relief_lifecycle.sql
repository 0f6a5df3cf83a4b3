select * from {{ ref('int_lifecycle__convictions') }}
