"""The inputs of a build, part by part, so that later changes can be named. meta.builds stores the inputs as JSON.

Each part has a group and a key, and is for example a delivery, a repair, a layout with its words, an added policy, a
seed, a folder of models, a file of the county's own weights, or an engine. The value of a part contains everything that
could change a figure, but not the times at which something was recorded.
"""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from relief.duck import connect, has_table
from relief.home import PROJECT_DIR, Home
from relief.landing.catalog import AS_KNOWN, RAW
from relief.linkage.own_weights import own_files
from relief.policies import store
from relief.policies.life import keep_drafts

if TYPE_CHECKING:
    import duckdb

Inputs = dict[str, dict[str, str]]
_CODE = ("models", "macros", "tests/generic", "tests/singular", "snapshots", "linkage", "relief/linkage")
_ENGINES = ("duckdb", "splink")
# For each table of `raw`: its key and the columns to compare. The table's name is also the group.
_TABLES = {
    "deliveries": (
        "delivery_id",
        "status, coalesce(superseded_by, ''), as_of_date, as_of_given, landed_at, "
        "md5(concat_ws('|', source, table_name, sha256, records, loaded, rejected, is_synthetic, layout, county_name))",
    ),
    "repairs": ("repair_id", "source, table_name, sha256, records, repaired, dropped"),
    "layout_values": ("layout", "table_name, column_name, file_value, our_value"),
    "case_number_rules": ("county_name", "shapes, has_defendant_suffix, prefix_pattern"),
}


def read_inputs(connection: "duckdb.DuckDBPyConnection", home: Home, schema: str = RAW) -> Inputs:
    """The inputs of a build now, or of a build of an earlier time. For an earlier time, seeds are left out."""
    found: Inputs = {}
    for table, (key, columns) in _TABLES.items():
        found[table] = _rows(connection, schema, table, key, columns)
    found["policies"] = _policies(connection, home, schema)
    if schema != AS_KNOWN:
        seeds = PROJECT_DIR / "seeds"
        found["seeds"] = {path.relative_to(seeds).as_posix(): _digest([path]) for path in _files(seeds)}
    found["code"] = {folder: _digest(_files(PROJECT_DIR / folder)) for folder in _CODE}
    found["code"]["dbt_project.yml"] = _digest([PROJECT_DIR / "dbt_project.yml"])
    found["weights"] = {path.name: _sha_of(path) for path in own_files(home.path)}
    found["engines"] = {name: version(name) for name in _ENGINES}
    return found


def as_text(inputs: Inputs) -> str:
    """The inputs as text for meta.builds. The same inputs give the same text."""
    return json.dumps(inputs, sort_keys=True, separators=(",", ":"))


def from_text(text: str) -> Inputs:
    """Read the text that `as_text` wrote."""
    read: Inputs = json.loads(text)
    return read


def differences(then: Inputs, now: Inputs) -> list[str]:
    """Describe the differences with names and counts but no values; empty when both inputs are the same."""
    said = _deliveries(then.get("deliveries", {}), now.get("deliveries", {}))
    if count := _changed(then, now, "repairs"):
        said.append(f"{_counted(count, 'file')} of mended rejects landed")
    if count := _changed(then, now, "layout_values"):
        said.append(f"the words of {_counted(count, 'layout')} changed")
    if count := _changed(then, now, "case_number_rules"):
        said.append(f"how case numbers are read changed for {_counted(count, 'county', 'counties')}")
    said += _policy_words(then.get("policies", {}), now.get("policies", {}))
    if "seeds" in then and (names := _names(then, now, "seeds")):
        said.append(f"{_counted(len(names), 'seed file')} changed ({_some(names)})")
    if names := _names(then, now, "code"):
        said.append(f"models or their code changed ({_some(names)})")
    if names := _names(then, now, "weights"):
        said.append(f"the county's own weights of links changed ({_some(names)})")
    if names := _names(then, now, "engines"):
        said.append(f"the version of {_some(names)} changed")
    return said


def _deliveries(then: dict[str, str], now: dict[str, str]) -> list[str]:
    counts = dict.fromkeys(("landed", "superseded", "back", "dated", "other"), 0)
    for key in then.keys() & now.keys():
        was, became = json.loads(then[key]), json.loads(now[key])
        if was == became:
            continue
        if was[4] != became[4]:
            counts["landed"] += 1
        elif was[:2] != became[:2]:
            counts["back" if became[0] == "landed" else "superseded"] += 1
        elif was[2:4] != became[2:4]:
            counts["dated"] += 1
        else:
            counts["other"] += 1
    new = len(now.keys() - then.keys()) + counts["landed"]
    words = {
        f"{_counted(new, 'delivery', 'deliveries')} landed": new,
        f"{_counted(counts['superseded'], 'delivery was', 'deliveries were')} superseded": counts["superseded"],
        f"{_counted(counts['back'], 'delivery', 'deliveries')} came back into use": counts["back"],
        f"the as-of date of {_counted(counts['dated'], 'delivery', 'deliveries')} was given": counts["dated"],
        f"{_counted(counts['other'], 'delivery', 'deliveries')} changed": counts["other"],
        f"{_counted(len(then.keys() - now.keys()), 'delivery', 'deliveries')} left the manifest": len(
            then.keys() - now.keys()
        ),
    }
    return [text for text, count in words.items() if count]


def _policy_words(then: dict[str, str], now: dict[str, str]) -> list[str]:
    said = [f"policy {policy_id} was added" for policy_id in sorted(now.keys() - then.keys())]
    for policy_id in sorted(then.keys() & now.keys()):
        if then[policy_id] != now[policy_id]:
            is_approval = now[policy_id].startswith("approved") and not then[policy_id].startswith("approved")
            said.append(f"policy {policy_id} was {'approved' if is_approval else 'changed'}")
    return said + [f"policy {policy_id} was withdrawn" for policy_id in sorted(then.keys() - now.keys())]


def _names(then: Inputs, now: Inputs, group: str) -> list[str]:
    was, became = then.get(group, {}), now.get(group, {})
    return sorted(key for key in was.keys() | became.keys() if was.get(key) != became.get(key))


def _changed(then: Inputs, now: Inputs, group: str) -> int:
    return len(_names(then, now, group))


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")  # noqa: PLR2004  (shown)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _rows(connection: "duckdb.DuckDBPyConnection", schema: str, table: str, key: str, columns: str) -> dict[str, str]:
    if not has_table(connection, schema, table):
        return {}
    found: dict[str, list[object]] = {}
    rows = connection.execute(f"select {key}, {columns} from {schema}.{table} order by all").fetchall()
    for row_key, *values in rows:
        found.setdefault(str(row_key), []).extend(values)
    return {row_key: json.dumps(values, default=str) for row_key, values in found.items()}


def _policies(connection: "duckdb.DuckDBPyConnection", home: Home, schema: str) -> dict[str, str]:
    """The added policies and drafts that a build would evaluate, with the documents in the folder as they are now."""
    if schema == AS_KNOWN:
        return _evaluated(connection, schema)
    # A build first stores the folder's drafts. Here they are stored only in memory, so that nothing changes.
    with connect() as memory:
        store.prepare(memory)
        if has_table(connection, RAW, "policy_versions"):
            versions = connection.execute("select * from raw.policy_versions").to_arrow_table()
            memory.register("kept", versions)
            memory.execute("insert into raw.policy_versions by name select * from kept")
            memory.unregister("kept")
        keep_drafts(memory, home, lambda _line: None)
        return _evaluated(memory, RAW)


def _evaluated(connection: "duckdb.DuckDBPyConnection", schema: str) -> dict[str, str]:
    if not has_table(connection, schema, "added_policies"):
        return {}
    found: dict[str, list[object]] = {}
    for table, order in (
        ("added_policies", "policy_id"),
        ("added_policy_rules", "step"),
        ("added_policy_conditions", "rule_id, condition_no"),
    ):
        rows = connection.execute(
            f"select policy_id, columns(c -> c not in ('policy_id', 'added_at', 'approved_at')) "
            f"from {schema}.{table} order by policy_id, {order}"
        ).fetchall()
        for policy_id, *values in rows:
            found.setdefault(policy_id, []).append(values)
    statuses = dict(connection.execute(f"select policy_id, status from {schema}.added_policies").fetchall())
    return {key: f"{statuses[key]} {_sha(repr(rows).encode())}" for key, rows in found.items()}


def _files(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
    )


def _digest(paths: list[Path]) -> str:
    names = [f"{path.relative_to(PROJECT_DIR).as_posix()}\0{_sha(path.read_bytes())}" for path in paths]
    return _sha("\n".join(names).encode())


def _sha_of(path: Path) -> str:
    try:
        return _sha(path.read_bytes())
    except OSError:
        return "cannot be read"


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
