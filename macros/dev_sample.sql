{#
    The raw objects of the target `dev`: a sample of what the warehouse beside it has landed, or with `--defer` all of it.

    The sample consists of whole people: a subject of the criminal history with all their rows, a court's case with its
    counts and sentences, and the cases that a sampled subject's rows or CII number name. Events and decisions follow the
    subject or case that they name. The same share of the same files is the same sample on every machine.

    The warehouse is opened read-only and closed again before the first model is built; with `--defer` it stays open,
    because the models read it.
#}
{% macro create_dev_raw_objects() %}
    {% set warehouse = env_var('RELIEF_HOME', 'data').rstrip('/') ~ '/warehouse.duckdb' %}
    {% set is_deferred = invocation_args_dict.get('defer') %}
    {% set is_there = run_query("select count(*) from glob('" ~ warehouse | replace("'", "''") ~ "')")[0][0] > 0 %}
    {% if is_deferred and not is_there %}
        {% do exceptions.raise_compiler_error(
            'there is no ' ~ warehouse ~ ' to defer to; build it first with `relief run` or `relief build`, or leave '
            ~ '--defer out'
        ) %}
    {% endif %}
    {% if is_there %}
        {% do run_query("attach if not exists '" ~ warehouse | replace("'", "''") ~ "' as warehouse (read_only)") %}
        {% if is_deferred %}{% do refuse_unfinished_warehouse(warehouse) %}{% endif %}
    {% endif %}
    {% if is_deferred or flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'retry'] %}
        {# The raw objects of an earlier run. They can be dropped, because the warehouse has the rows. #}
        {% do run_query('drop schema if exists raw cascade') %}
        {% do run_query('create schema raw') %}
        {% if is_there %}
            {% if not is_deferred %}{% do choose_dev_sample() %}{% endif %}
            {% for node in graph.sources.values() if node.schema == 'raw' %}
                {% do create_dev_raw_object(node, is_deferred) %}
            {% endfor %}
            {% if not is_deferred %}{% do count_dev_sample() %}{% endif %}
        {% endif %}
    {% endif %}
    {% if is_there and not is_deferred %}{% do run_query('detach warehouse') %}{% endif %}
{% endmacro %}


{# A changed model is not compared with tables that a failed or killed build left behind. #}
{% macro refuse_unfinished_warehouse(warehouse) %}
    {% set is_built = run_query(
        "select count(*) from duckdb_tables() where database_name = 'warehouse' and schema_name = 'meta' "
        ~ "and table_name = 'builds'"
    )[0][0] > 0 and run_query(
        "select coalesce(arg_max(status, build_no) = 'passed', false) from warehouse.meta.builds"
    )[0][0] %}
    {% if not is_built %}
        {% do exceptions.raise_compiler_error(
            'the last build of ' ~ warehouse ~ ' did not pass, so there is nothing to defer to; run `relief build` '
            ~ 'first, or leave --defer out'
        ) %}
    {% endif %}
{% endmacro %}


{# One raw object, with the columns that its source declares: a warehouse of an earlier version may lack some. #}
{% macro create_dev_raw_object(node, is_deferred) %}
    {% set columns = [] %}
    {% for column in node.columns.values() %}
        {% do columns.append('cast(null as ' ~ column.data_type ~ ') as ' ~ column.name) %}
    {% endfor %}
    {% set is_landed = run_query(
        "select count(*) from information_schema.tables where table_catalog = 'warehouse' and table_schema = 'raw' "
        ~ "and table_name = '" ~ node.identifier ~ "'"
    )[0][0] > 0 %}
    {% if is_landed %}
        {% do run_query(
            'create ' ~ ('view' if is_deferred else 'table') ~ ' raw.' ~ node.identifier ~ ' as select '
            ~ columns | join(', ') ~ ' where 1 = 0 union all by name select * from warehouse.raw.' ~ node.identifier
            ~ ('' if is_deferred else ' where ' ~ in_dev_sample(node.identifier))
        ) %}
    {% endif %}
{% endmacro %}


{# The subjects, CII numbers and cases of the sample. #}
{% macro choose_dev_sample() %}
    {% set share = env_var('RELIEF_DEV_SAMPLE', '5') %}
    {% set is_share = run_query("select coalesce(try_cast('" ~ share | replace("'", "''") ~ "' as double) between 0.01 and 100, false)")[0][0] %}
    {% if not is_share %}
        {% do exceptions.raise_compiler_error('RELIEF_DEV_SAMPLE is a share in percent, from 0.01 to 100, such as 5') %}
    {% endif %}
    {% set subject = plain_number('subject_id') %}
    {% do run_query('create schema if not exists sample') %}
    {% do run_query(
        'create or replace table sample.subjects as select distinct ' ~ subject ~ ' as subject_id '
        ~ 'from warehouse.raw.ca_doj where ' ~ is_drawn(subject, share)
    ) %}
    {% do run_query(
        'create or replace table sample.cii_numbers as select distinct ' ~ cii_number('cii_number') ~ ' as cii_number '
        ~ 'from warehouse.raw.ca_doj where ' ~ subject ~ ' in (from sample.subjects) and '
        ~ cii_number('cii_number') ~ ' is not null'
    ) %}
    {% set case = sampled_case('case_number') %}
    {% set drawn = [] %}
    {% for table in ['la_court_cases', 'la_court_counts', 'la_court_sentences', 'relief_events', 'review_decisions'] %}
        {% do drawn.append(
            'select ' ~ case ~ ' as case_number from warehouse.raw.' ~ table ~ ' where ' ~ is_drawn(case, share)
        ) %}
    {% endfor %}
    {% do run_query(
        'create or replace table sample.cases as select distinct case_number from (' ~ drawn | join(' union all ')
        ~ ' union all select ' ~ case ~ ' from warehouse.raw.la_court_cases where ' ~ cii_number('cii_number')
        ~ ' in (from sample.cii_numbers) union all select ' ~ sampled_case('ofn') ~ ' from warehouse.raw.ca_doj where '
        ~ subject ~ ' in (from sample.subjects)) where case_number is not null'
    ) %}
{% endmacro %}


{#
    Which rows of a raw table belong to the sample. A row that names neither a person nor a case belongs to it, and
    so does every row of a new source.
#}
{% macro in_dev_sample(table) -%}
    {%- set subject = plain_number('subject_id') ~ ' in (from sample.subjects)' -%}
    {%- set case = sampled_case('case_number') ~ ' in (from sample.cases)' -%}
    {%- set cii = cii_number('cii_number') ~ ' in (from sample.cii_numbers)' -%}
    {%- if table == 'ca_doj' -%}
        coalesce({{ subject }}, true)
    {%- elif table in ['la_court_cases', 'la_court_counts', 'la_court_sentences'] -%}
        coalesce({{ case }}, true)
    {%- elif table in ['relief_events', 'review_decisions'] -%}
        coalesce(greatest({{ subject }}, {{ case }}, {{ cii }}), true)
    {%- elif table in ['rejects', 'repairs', 'reject_repairs'] -%}
        false
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{# The deliveries of the sample. Rejects are left out, because a reject names nobody; a mended row counts as loaded. #}
{% macro count_dev_sample() %}
    {% set counted = [] %}
    {% for node in graph.sources.values() if node.schema == 'raw' and node.config.get('meta', {}).get('raw_kind') == 'view' %}
        {% do counted.append('select delivery_id from raw.' ~ node.identifier) %}
    {% endfor %}
    {% do run_query(
        'update raw.deliveries set rejected = 0, records = kept.rows, loaded = kept.rows from (select '
        ~ 'deliveries.delivery_id, count(sampled.delivery_id) as rows from raw.deliveries as deliveries left join ('
        ~ counted | join(' union all ') ~ ') as sampled on deliveries.delivery_id = sampled.delivery_id group by 1) as kept '
        ~ 'where deliveries.delivery_id = kept.delivery_id'
    ) %}
{% endmacro %}


{# True for the share, in percent, of all texts whose digest says so: the same on every machine, and in a larger share. #}
{% macro is_drawn(text, share) -%}
    md5_number_lower({{ text }}) % 10000 < {{ share }} * 100
{%- endmacro %}


{#
    The number of a case in letters and digits, without the number of the defendant. It keeps the rows of a case
    together.
#}
{% macro sampled_case(column) -%}
    nullif(
        regexp_replace(
            regexp_replace(upper({{ plain_number(column) }}), '([0-9]{5})\s*-\s*[0-9]{2,3}$', '\1'), '[^A-Z0-9]', '', 'g'
        ), ''
    )
{%- endmacro %}
