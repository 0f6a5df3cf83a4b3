select
    charge_text,
    cited.position,
    cited.number,
    cited.subdivisions,
    cited.is_letter_joined,
    cited.code,
    cited.nearest_code,
    cited.is_attempt
from (select charge_text, unnest(sections_cited) as cited from {{ ref('int_charges__read') }}) as charges
