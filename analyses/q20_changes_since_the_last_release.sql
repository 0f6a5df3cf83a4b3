-- What changed between this release and the previous one?
select
    table_name,
    what,
    unit,
    before,
    now,
    previous_release_id
from release_changes
order by table_name, what, unit
