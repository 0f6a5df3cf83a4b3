{# Use the schema name of a folder without dbt's target prefix: one folder, one layer, one schema. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
