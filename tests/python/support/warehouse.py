"""Land and build a data folder as a user does, through the functions behind the commands."""

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relief.building.build import build
from relief.export.determinations import export_determinations
from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.landing import land

if TYPE_CHECKING:
    import duckdb

FIXTURES = PROJECT_DIR / "tests/fixtures"
CMR = FIXTURES / "clear_my_record"


def quiet(_line: str) -> None:
    """Discard the line."""


def land_and_build(home: Home, file: Path, as_of: str, county: str = "LOS ANGELES") -> Home:
    day = date.fromisoformat(as_of)
    land(home, "ca_doj", [file], day, None, quiet)
    build(home, target="duckdb", county=county, evaluated_as_of=day, report=quiet)
    return home


def determinations(home: Home, policy_id: str, out: Path) -> list[dict[str, str]]:
    export_determinations(home, policy_id, out)
    with out.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def ask(home: Home, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with open_warehouse(home, read_only=True) as connection:
        return connection.execute(query, list(parameters)).fetchall()


def with_answers_of_its_own(connection: "duckdb.DuckDBPyConnection", conviction_key: str) -> str:
    """Store the answers of one conviction apart from those that are alike; return the key of its rows of walks."""
    own = f"{conviction_key}|own"
    connection.execute(
        "insert into intermediate.int_policies__walks by name "
        "select ? as conviction_key, walks.* exclude (conviction_key) "
        "from intermediate.int_policies__walks as walks "
        "inner join intermediate.int_policies__alike_convictions as alike on walks.conviction_key = representative_key "
        "where alike.conviction_key = ?",
        [own, conviction_key],
    )
    connection.execute(
        "update intermediate.int_policies__alike_convictions set representative_key = ? where conviction_key = ?",
        [own, conviction_key],
    )
    return own
