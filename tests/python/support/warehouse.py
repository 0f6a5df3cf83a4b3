"""Land and build a data folder as a user does, through the functions behind the commands."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from relief.building.build import build
from relief.export.determinations import export_determinations
from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.landing import land

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
