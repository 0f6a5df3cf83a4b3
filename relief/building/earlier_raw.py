"""Write a copy of the schema `raw` as it was at an earlier time: manifest, rejects, repairs, policies, views."""

from datetime import datetime
from typing import TYPE_CHECKING

from relief.duck import happened
from relief.home import Home
from relief.landing.catalog import AS_KNOWN, refresh_views
from relief.policies import store

if TYPE_CHECKING:
    import duckdb


_TABLES = {
    "deliveries": f"""
        -- From when until when a delivery was out of use. Where the time was not kept, since the one in its place was
        -- landed: it cannot have been earlier.
        with supersedings as (
            select
                older.delivery_id, older.superseded_by, older.superseded_at,
                coalesce({happened("older.superseded_at")}, {happened("newer.landed_at")}) as began_at, null as ended_at
            from raw.deliveries as older
            left join raw.deliveries as newer on older.superseded_by = newer.delivery_id
            where older.status = 'superseded'
            union all
            select
                delivery_id, superseded_by, superseded_at, {happened("superseded_at")} as began_at,
                {happened("ended_at")} as ended_at
            from raw.past_supersedings
        ),

        out_of_use as (
            select * from supersedings where began_at <= $at and (ended_at is null or ended_at > $at)
        )

        select deliveries.* replace (
            case when out_of_use.delivery_id is null then 'landed' else 'superseded' end as status,
            out_of_use.superseded_by as superseded_by,
            out_of_use.superseded_at as superseded_at,
            case
                when deliveries.supersedes in (select delivery_id from out_of_use)
                    then deliveries.supersedes
            end as supersedes,
            case
                when {happened("deliveries.as_of_given_at")} > $at then cast(deliveries.landed_at as date)
                else deliveries.as_of_date
            end as as_of_date,
            deliveries.as_of_given and coalesce({happened("deliveries.as_of_given_at")} <= $at, true) as as_of_given,
            case
                when {happened("deliveries.as_of_given_at")} <= $at then deliveries.as_of_given_at
            end as as_of_given_at
        )
        from raw.deliveries as deliveries
        left join out_of_use on deliveries.delivery_id = out_of_use.delivery_id
        where {happened("deliveries.landed_at")} <= $at
    """,
    "rejects": "select * from raw.rejects where delivery_id in (select delivery_id from raw_as_known.deliveries)",
    "repairs": f"select * from raw.repairs where {happened('landed_at')} <= $at",
    "layout_values": "select * from raw.layout_values",
    "case_number_rules": "select * from raw.case_number_rules",
    "reject_repairs": f"select * from raw.reject_repairs where {happened('repaired_at')} <= $at",
    "past_supersedings": f"select * from raw.past_supersedings where {happened('ended_at')} <= $at",
}
TABLES = (*_TABLES, *store.TABLES)  # every table of `raw` that dbt reads, except the views over landed files


def write(connection: "duckdb.DuckDBPyConnection", home: Home, at: datetime) -> None:
    """Create the schema anew. Call this inside a transaction, so that readers always find the schema."""
    connection.execute(f"drop schema if exists {AS_KNOWN} cascade")
    connection.execute(f"create schema {AS_KNOWN}")
    for table, query in _TABLES.items():
        parameters = {"at": at} if "$at" in query else {}
        connection.execute(f"create table {AS_KNOWN}.{table} as {query}", parameters)
    _write_policies(connection, at)
    refresh_views(connection, home, AS_KNOWN)


def _write_policies(connection: "duckdb.DuckDBPyConnection", at: datetime) -> None:
    """Write the versions of the policies that a build evaluated at that time."""
    store.prepare(connection)
    store.write_added(connection, AS_KNOWN, at)
