"""Scores the records that are new since the last build; see relief/linkage/people.py."""

from relief.linkage.people import scored_people


def _relation(session, schema, name):
    found = session.execute(
        "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, name]
    ).fetchone()
    return f'"{schema}"."{name}"' if found else None


def model(dbt, session):
    """The pairs as one table; dbt calls it."""
    dbt.config(materialized="table")
    records = dbt.ref("int_linkage__records")
    records.create_view("linkage_records_now", replace=True)
    schema = dbt.this.schema
    return scored_people(
        session,
        "linkage_records_now",
        _relation(session, schema, "int_linkage__scored_pairs"),
        # This table is written after the pairs. A ref here would make the two models depend on each other.
        _relation(session, schema, "int_linkage__scored_records"),
    )
