-- An evaluated conviction without these columns would be missing in the files for the older tool.
select evaluated.conviction_key
from {{ ref('int_policies__evaluated_convictions') }} as evaluated
full join {{ ref('int_comparison__convictions') }} as columns_beside
    on evaluated.conviction_key = columns_beside.conviction_key
where
    (
        evaluated.reading in ('ours', 'published')
        and evaluated.source = 'ca_doj'
        and (evaluated.is_prop_64 or evaluated.is_prop_64_predecessor or evaluated.is_related)
        and columns_beside.conviction_key is null
    )
    or evaluated.conviction_key is null
