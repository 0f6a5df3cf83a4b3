"""The suites of ``expectations/`` as data: read, and refused with one clear line when a check is not complete."""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from relief.documents import read_yaml
from relief.errors import ReliefError
from relief.home import PROJECT_DIR
from relief.validation.results import Severity

SUITES_DIR = PROJECT_DIR / "expectations"

# Macros that a query may call, so that words are cut in one way before a build and in it.
_MACROS = PROJECT_DIR / "macros/dispositions.sql"

_REQUIRED = ("name", "description", "severity", "because", "unit", "expectation")
_OPTIONAL = ("kwargs", "needs", "table", "query")


@dataclass(frozen=True)
class Check:
    """One expectation about one table or query, with the reason why it stops or warns."""

    name: str
    description: str
    severity: Severity
    because: str
    unit: str
    expectation: str
    query: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suite:
    """A gate: what must exist before it can be asked, and its checks."""

    gate: str
    first_table: str
    otherwise: str
    checks: tuple[Check, ...]


def gates(folder: Path | None = None) -> list[str]:
    """The names of the gates, one per file."""
    return sorted(path.stem for path in (folder or SUITES_DIR).glob("*.yml"))


def load_suite(gate: str, folder: Path | None = None) -> Suite:
    """Read the suite of a gate; a wrong name or an incomplete check is a ``ReliefError``."""
    folder = folder or SUITES_DIR
    known = gates(folder)
    if gate not in known:
        raise ReliefError(f"there is no gate {gate!r}; choose one of: {', '.join(known)}")
    path = folder / f"{gate}.yml"
    document = read_yaml(f"expectations/{path.name}", path.read_bytes(), hint="correct it and try again")
    try:
        opening, entries = document["opens_when"], document["checks"]
        first_table, otherwise = str(opening["table_exists"]), str(opening["otherwise"])
    except (KeyError, TypeError) as error:
        raise ReliefError(
            f"expectations/{path.name} needs opens_when (table_exists, otherwise) and a list of checks"
        ) from error
    checks = tuple(_check(entry, path.name) for entry in entries)
    if document.get("bands"):
        from relief.validation.plausible import checks as checks_of_bands  # noqa: PLC0415  (it makes checks of this module)

        checks += checks_of_bands(folder / str(document["bands"]))
    names = [check.name for check in checks]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ReliefError(f"expectations/{path.name} has two checks of the same name: {'; '.join(repeated)}")
    return Suite(gate, first_table, otherwise, checks)


def rendered(query: str) -> str:
    """A query with the build's macros of words, and `seed('codes/x.csv')` as the rows of a seed."""
    if "{{" not in query:
        return query
    from jinja2 import Environment  # noqa: PLC0415  (only for checks that read a seed)

    environment = Environment(autoescape=False)  # noqa: S701  (SQL of our own files, no page)
    return environment.from_string(_MACROS.read_text(encoding="utf-8") + query).render(seed=_seed)


def _seed(path: str) -> str:
    with (PROJECT_DIR / "seeds" / path).open(newline="", encoding="utf-8") as file:
        columns, *rows = csv.reader(file)
    values = ", ".join("(" + ", ".join("'" + cell.replace("'", "''") + "'" for cell in row) + ")" for row in rows)
    return f"(select * from (values {values}) as seed_rows ({', '.join(columns)}))"


def _check(entry: Any, file_name: str) -> Check:
    if not isinstance(entry, dict):
        raise ReliefError(f"expectations/{file_name}: every check is a mapping with a name")
    where = f"expectations/{file_name}, check {entry.get('name', 'without a name')!r}"
    missing = [key for key in _REQUIRED if not str(entry.get(key) or "").strip()]
    unknown = [key for key in entry if key not in _REQUIRED + _OPTIONAL]
    if missing or unknown:
        raise ReliefError(f"{where}: {_list('missing', missing)}{_list('not known', unknown)}correct it and try again")
    if entry["severity"] not in ("stop", "warn"):
        raise ReliefError(f"{where}: severity is 'stop' or 'warn'")
    if ("table" in entry) == ("query" in entry):
        raise ReliefError(f"{where}: give either a table or a query")
    query = entry["query"] if "query" in entry else f"select * from {entry['table']}"
    return Check(
        name=entry["name"],
        description=" ".join(str(entry["description"]).split()),
        severity=cast(Severity, entry["severity"]),
        because=" ".join(str(entry["because"]).split()),
        unit=entry["unit"],
        expectation=entry["expectation"],
        query=rendered(str(query)).strip(),
        kwargs=dict(entry.get("kwargs") or {}),
        needs=tuple(entry.get("needs") or ()),
    )


def _list(label: str, keys: list[str]) -> str:
    return f"{label}: {', '.join(str(key) for key in keys)}; " if keys else ""
