{#
    dbt creates the warehouse where there is none. Beside a filled landing/ or releases/, a new warehouse or one from
    another folder would be almost empty and replace everything, so it is refused here, as in relief/identity.py.
#}
{% macro refuse_lost_warehouse() %}
    {% if target.name == 'duckdb' %}
        {% set home = env_var('RELIEF_HOME', 'data').rstrip('/') | replace("'", "''") %}
        {% set deliveries %}
            (select file from glob('{{ home }}/landing/*/*/*.parquet') where file not like '%/.incoming-%')
        {% endset %}
        {% set found = run_query(
            'select (select count(*) from ' ~ deliveries ~ '), '
            ~ "(select count(*) from glob('" ~ home ~ "/releases/*.duckdb')), "
            ~ "(select max(trim(content, chr(10))) from read_text('" ~ home ~ "/landing/warehouse_i[d]'))"
        )[0] %}
        {% set delivered, published, beside = found[0], found[1], found[2] %}
        {% set kept = none %}
        {% if table_is_there('main', 'home') %}
            {% set kept = run_query('select home_id from main.home')[0][0] %}
        {% endif %}
        {% if (delivered or published) and not (kept and kept == beside) %}
            {% set landed, gone, built = 0, 0, 0 %}
            {% if table_is_there('raw', 'deliveries') %}
                {% set counts = run_query(
                    "select count(*) filter (where status = 'landed'), count(*) filter (where status = 'landed' and "
                    ~ "'" ~ home ~ "/' || parquet_path not in " ~ deliveries ~ ') from raw.deliveries'
                )[0] %}
                {% set landed, gone = counts[0], counts[1] %}
            {% endif %}
            {% if table_is_there('meta', 'builds') %}
                {% set built = run_query('select count(*) from meta.builds')[0][0] %}
            {% endif %}
            {% if (kept and beside) or gone or not (landed if delivered else landed + built) %}
                {% do exceptions.raise_compiler_error(
                    home ~ '/warehouse.duckdb is missing, empty or of another data folder, but landing/ or releases/ '
                    ~ 'beside it are filled; restore warehouse.duckdb from a backup, or move landing/ and releases/ '
                    ~ 'away to begin anew'
                ) %}
            {% endif %}
        {% endif %}
    {% endif %}
{% endmacro %}

{# This query avoids dbt's cache, which would open a transaction that nobody commits. #}
{% macro table_is_there(schema, name) %}
    {{ return(run_query(
        'select count(*) from duckdb_tables() where database_name = current_database() '
        ~ "and schema_name = '" ~ schema ~ "' and table_name = '" ~ name ~ "'"
    )[0][0] > 0) }}
{% endmacro %}


{# Whether this database has the table or view. #}
{% macro relation_is_there(schema, name) %}
    {{ return(run_query(
        'select count(*) from information_schema.tables where table_catalog = current_database() '
        ~ "and table_schema = '" ~ schema ~ "' and table_name = '" ~ name ~ "'"
    )[0][0] > 0) }}
{% endmacro %}
