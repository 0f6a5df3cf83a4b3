-- The stages in the columns of fct_relief_lifecycle are the stages of the seed, in the same order.
with columns as (

    {% for stage in lifecycle_stages() %}
    select
        {{ loop.index }} as stage_number,
        '{{ stage }}' as stage
    {{ "union all" if not loop.last }}
    {% endfor %}

)

select
    columns.stage as of_columns,
    stages.stage as of_seed
from columns
full outer join {{ ref('lifecycle_stages') }} as stages
    on columns.stage_number = stages.stage_number and columns.stage = stages.stage
where columns.stage is null or stages.stage is null
