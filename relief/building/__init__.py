"""Building the warehouse: dbt in process, with the build's own record."""
