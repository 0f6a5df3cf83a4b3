{#
    Make every raw object that a source declares and that does not exist yet: typed and empty, so that a plain
    `dbt build` passes before the first landing. `relief land` replaces the empty views by views over its Parquet.
#}
{% macro create_raw_objects() %}
    {% if execute %}
        {% do refuse_lost_warehouse() %}
        {# Records which run made these tables: `relief publish` releases only a complete `relief build`. #}
        {% if flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'retry'] %}
            {% do run_query('create schema if not exists meta') %}
            {% do run_query(
                "create or replace table meta.last_dbt_run as select '" ~ env_var('RELIEF_BUILD_ID', '') ~ "' as build_id"
            ) %}
            {% do write_run_down() %}
        {% endif %}
        {% if target.name == 'dev' %}{% do create_dev_raw_objects() %}{% endif %}
        {% for node in graph.sources.values() %}
            {% set raw_kind = node.config.get('meta', {}).get('raw_kind') %}
            {% if raw_kind %}
                {% do run_query('create schema if not exists ' ~ node.schema) %}
                {% set name = node.schema ~ '.' ~ node.identifier %}
                {% if target.name == 'dev' and node.schema == 'raw' and relation_is_there(node.schema, node.identifier) %}
                    {# The macro above has already made the raw objects of a sample or of a deferred run. #}
                {% elif raw_kind == 'table' %}
                    {% set columns = [] %}
                    {% for column in node.columns.values() %}
                        {% do columns.append(column.name ~ ' ' ~ column.data_type) %}
                    {% endfor %}
                    {% do run_query('create table if not exists ' ~ name ~ ' (' ~ columns | join(', ') ~ ')') %}
                    {# A table of an earlier version gets the columns that it lacks. #}
                    {% for column in columns %}
                        {% do run_query('alter table ' ~ name ~ ' add column if not exists ' ~ column) %}
                    {% endfor %}
                {% else %}
                    {% set columns = [] %}
                    {% for column in node.columns.values() %}
                        {% do columns.append('cast(null as ' ~ column.data_type ~ ') as ' ~ column.name) %}
                    {% endfor %}
                    {% do run_query('create view if not exists ' ~ name ~ ' as select ' ~ columns | join(', ') ~ ' where 1 = 0') %}
                {% endif %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{#
    Mark the run as passed. Changes since the last build are changes since the last run that passed, and a run that did
    not record its changes cannot be compared with.
#}
{% macro mark_run_passed(results) %}
    {% if execute %}
        {% set failed = [] %}
        {% set told = [] %}
        {% for result in results %}
            {% if result.status | string in ['error', 'fail', 'runtime error', 'skipped'] %}
                {% do failed.append(result.node.name) %}
            {% endif %}
            {% if result.node.name == 'audit_changes_since_last_build' %}{% do told.append(result.node.name) %}{% endif %}
        {% endfor %}
        {% if told and not failed %}
            {% do run_query(
                'update meta.dbt_runs set is_passed = true where run_no = (select max(run_no) from meta.dbt_runs)'
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}
