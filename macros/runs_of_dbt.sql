{#
    Record this run of dbt under the next number. Its time is that of the clock, or, if the clock was once ahead, a
    moment after the latest recorded time. The spans of the snapshots are made of these times and so stay positive.
    on-run-end marks the runs that ended without a failure.
#}
{% macro write_run_down() %}
    {% do run_query(
        'create table if not exists meta.dbt_runs '
        ~ '(build_id varchar, started_at timestamp, is_passed boolean, run_no bigint)'
    ) %}
    {# Runs of an earlier version have no number; they are numbered in the order in which they were recorded. #}
    {% do run_query('alter table meta.dbt_runs add column if not exists run_no bigint') %}
    {% do run_query(
        'update meta.dbt_runs as runs set run_no = counted.run_no from ('
        ~ 'select rowid as place, row_number() over (order by rowid) '
        ~ '+ (select coalesce(max(run_no), 0) from meta.dbt_runs) as run_no '
        ~ 'from meta.dbt_runs where run_no is null) as counted where runs.rowid = counted.place'
    ) %}
    {% set times = ['select max(started_at) as latest_at from meta.dbt_runs'] %}
    {% for node in graph.nodes.values() if node.resource_type == 'snapshot' and table_is_there(node.schema, node.alias) %}
        {% do times.append(
            'select max(greatest(dbt_valid_from, dbt_valid_to)) as latest_at from ' ~ node.schema ~ '.' ~ node.alias
        ) %}
    {% endfor %}
    {% do run_query(
        "insert into meta.dbt_runs by name select '" ~ env_var('RELIEF_BUILD_ID', '') ~ "' as build_id, "
        ~ "greatest(cast(now() as timestamp), max(latest_at) + interval 1 microsecond) as started_at, "
        ~ "false as is_passed, (select coalesce(max(run_no), 0) + 1 from meta.dbt_runs) as run_no "
        ~ "from (" ~ times | join(' union all ') ~ ") as times"
    ) %}
{% endmacro %}

{# The time that snapshots record: the time of the run, so that all rows of a run have the same time. #}
{% macro duckdb__snapshot_get_time() %}
    {%- set time = 'cast(now() as timestamp)' -%}
    {%- if execute -%}
        {%- set row = run_query(
            'select cast(started_at as varchar) from meta.dbt_runs '
            ~ 'where run_no = (select max(run_no) from meta.dbt_runs)'
        ) -%}
        {%- set time = "cast('" ~ row[0][0] ~ "' as timestamp)" -%}
    {%- endif -%}
    {{ return(time) }}
{% endmacro %}
