"""Score pairs of DOJ subjects and court defendants in the warehouse. Later builds score only new records."""

from typing import TYPE_CHECKING

from relief.duck import connect
from relief.home import current_home
from relief.linkage.score import score
from relief.linkage.settings import Settings, load_people

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# If a larger share of the records is new, all records are scored again, which is then faster.
MOST_NEW = 0.5
_SIDES = ("ca_doj", "la_court")


def scored_people(
    session: "duckdb.DuckDBPyConnection", records: str, pairs: str | None, scored_records: str | None
) -> "pa.Table":
    """Return all pairs worth keeping, one row each.

    `records` is the relation of int_linkage__records; `pairs` and `scored_records` come from the last build (None at
    first). An earlier pair is kept if both records and the model are unchanged, so the result is the same as if all
    records were scored again. Splink works in a database in memory and leaves nothing in the warehouse.
    """

    settings = load_people(current_home().path)
    limits = session.execute("select current_setting('memory_limit'), current_setting('threads')").fetchone()
    with connect() as memory:
        if limits:
            memory.execute("set memory_limit = $1", [limits[0]])
            memory.execute("set threads = $1", [limits[1]])
        memory.execute("set preserve_insertion_order = false")
        _copy(session, memory, "records", f"select * from {records}")
        kept = "select null::varchar as record_key, null::varchar as fingerprint, null::varchar as source where false"
        _copy(
            session,
            memory,
            "known",
            f"select record_key, fingerprint, source from {scored_records} where model_id = '{settings.model_id}'"
            if scored_records
            else kept,
        )
        counts = memory.execute("""
            create temp table split as
            select records.*, known.record_key is null as is_new
            from records left join known
                on records.source = known.source and records.record_key = known.record_key
                and records.fingerprint = known.fingerprint;
            select count(*) filter (where is_new), count(*), count(*) filter (where source = 'ca_doj'),
                count(*) filter (where source = 'la_court') from split
        """).fetchone()
        new, total, subjects, defendants = counts or (0, 0, 0, 0)
        is_incremental = pairs is not None and new <= MOST_NEW * total
        if is_incremental:
            _copy(session, memory, "earlier", f"select * from {pairs} where model_id = '{settings.model_id}'")
        for side in _SIDES:
            memory.execute(f"create table {side} as select * exclude (is_new) from split where source = '{side}'")
        if not subjects or not defendants or (is_incremental and not new):
            _no_pairs(memory, settings)
        elif is_incremental:
            for side in _SIDES:
                for part, condition in (("new", "is_new"), ("old", "not is_new")):
                    memory.execute(
                        f"create table {side}_{part} as select * exclude (is_new) from split "
                        f"where source = '{side}' and {condition}"
                    )
            roles = [("ca_doj_new", "la_court"), ("ca_doj_old", "la_court_new")]
            score(memory, _SIDES, settings, [role for role in roles if all(_has_rows(memory, name) for name in role)])
        else:
            score(memory, _SIDES, settings)
        return _result(memory, settings, with_earlier=is_incremental)


def _copy(session: "duckdb.DuckDBPyConnection", memory: "duckdb.DuckDBPyConnection", name: str, sql: str) -> None:
    """Copy the result of a query on the warehouse to a table in memory."""
    table = session.execute(sql).to_arrow_table()
    memory.register("copied", table)
    memory.execute(f"create table {name} as select * from copied")
    memory.unregister("copied")


def _has_rows(memory: "duckdb.DuckDBPyConnection", name: str) -> bool:
    return memory.execute(f"select 1 from {name} limit 1").fetchone() is not None


def _no_pairs(memory: "duckdb.DuckDBPyConnection", settings: Settings) -> None:
    words = ", ".join(f"null::varchar as {comparison.name}" for comparison in settings.comparisons)
    memory.execute(
        "create temp table scored as select null::varchar as key_l, null::varchar as key_r, "
        f"null::double as match_weight, null::double as match_probability, {words} where false"
    )


def _result(memory: "duckdb.DuckDBPyConnection", settings: Settings, *, with_earlier: bool) -> "pa.Table":
    words = ", ".join(f"scored.{comparison.name} as {comparison.name}_agreement" for comparison in settings.comparisons)
    in_words = ", '; ', ".join(f"'{each.name}: ', scored.{each.name}" for each in settings.comparisons)
    sql = f"""
        select
            scored.key_l as subject_key, scored.key_r as case_defendant_key,
            ca_doj.fingerprint as subject_fingerprint, la_court.fingerprint as defendant_fingerprint,
            '{settings.model_id}' as model_id,
            scored.match_weight, scored.match_probability,
            case
                when scored.match_probability >= {settings.thresholds.link} then 'link'
                when scored.match_probability >= {settings.thresholds.review} then 'review'
                else 'below'
            end as band,
            concat({in_words}) as agreements,
            {words}
        from scored
        inner join ca_doj on scored.key_l = ca_doj.record_key
        inner join la_court on scored.key_r = la_court.record_key
    """
    if with_earlier:
        sql += """
            union all by name
            select earlier.*
            from earlier
            inner join split as subjects
                on earlier.subject_key = subjects.record_key and subjects.source = 'ca_doj' and not subjects.is_new
                and earlier.subject_fingerprint = subjects.fingerprint
            inner join split as defendants
                on earlier.case_defendant_key = defendants.record_key and defendants.source = 'la_court'
                and not defendants.is_new and earlier.defendant_fingerprint = defendants.fingerprint
        """
    return memory.execute(f"select * from ({sql}) order by subject_key, case_defendant_key").to_arrow_table()
