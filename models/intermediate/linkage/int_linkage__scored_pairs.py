"""Score the pairs of records that are new or changed since the last build; see relief/linkage/people.py."""

from relief.linkage.people import scored_people


def _relation(session, schema, name):
    found = session.execute(
        "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, name]
    ).fetchone()
    return f'"{schema}"."{name}"' if found else None


def model(dbt, session):
    """Return the scored pairs as a table; dbt calls this function."""
    dbt.config(materialized="table")
    records = dbt.ref("int_linkage__records")
    records.create_view("linkage_records_now", replace=True)
    schema = dbt.this.schema
    return scored_people(
        session,
        "linkage_records_now",
        _relation(session, schema, "int_linkage__scored_pairs"),
        # int_linkage__scored_records is written after this model. A ref to it would make the two models depend on each
        # other.
        _relation(session, schema, "int_linkage__scored_records"),
    )
