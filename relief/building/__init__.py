"""Build the warehouse: run dbt in this process and record each build."""
