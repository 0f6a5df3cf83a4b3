"""Read the suites of ``expectations/`` as data. An incomplete check is refused with one clear line."""

import csv
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from relief.document_model import (
    FilledText,
    OneLine,
    Part,
    Text,
    blank_is,
    model_of,
    says,
    wrong,
    wrong_at,
    wrong_value,
)
from relief.documents import read_document
from relief.errors import ReliefError
from relief.home import PROJECT_DIR
from relief.validation.checks import Check, Suite, TableNames
from relief.validation.plausible import checks as checks_of_bands

SUITES_DIR = PROJECT_DIR / "expectations"

# Macros that a query may call, so that texts are split in the same way before and during a build.
_MACROS = PROJECT_DIR / "macros/dispositions.sql"


class _Opening(Part):
    noun: ClassVar[str] = "opens_when"
    table_exists: FilledText
    otherwise: FilledText


class _CheckEntry(Part):
    noun: ClassVar[str] = "a check"
    name: FilledText
    description: OneLine
    severity: Annotated[Literal["stop", "warn"], says("is 'stop' or 'warn'")]
    because: OneLine
    unit: FilledText
    expectation: FilledText
    kwargs: Annotated[dict[str, Any], blank_is({}), Field(default_factory=dict)]
    needs: TableNames = ()
    table: Text | None = None
    query: Text | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        if (self.table is None) == (self.query is None):
            raise wrong(f"check {self.name!r}: give either a table or a query")
        return self

    @field_validator("query")
    @classmethod
    def _render(cls, query: str | None) -> str | None:
        from jinja2 import TemplateError  # noqa: PLC0415  (slow import)

        try:
            return query if query is None else rendered(query).strip()
        except (TemplateError, OSError, TypeError) as error:
            raise wrong_value(f"calls what is not there or is not a template ({type(error).__name__})") from None

    def check(self) -> Check:
        """Convert the YAML entry to the check that the gates use."""
        return Check(
            name=self.name,
            description=self.description,
            severity=self.severity,
            because=self.because,
            unit=self.unit,
            expectation=self.expectation,
            query=self.query or f"select * from {self.table}",
            kwargs=self.kwargs,
            needs=self.needs,
        )


class _SuiteDocument(Part):
    noun: ClassVar[str] = "a gate"
    opens_when: _Opening
    checks: tuple[_CheckEntry, ...]
    bands: Annotated[Text | None, blank_is(None)] = None

    @field_validator("checks")
    @classmethod
    def _names_once(cls, checks: tuple[_CheckEntry, ...]) -> tuple[_CheckEntry, ...]:
        names = [check.name for check in checks]
        wrong_at(
            (f"two checks of the same name: {name}", (n, "name")) for n, name in enumerate(names) if name in names[:n]
        )
        return checks


def gates(folder: Path | None = None) -> list[str]:
    """The names of the gates, one per file."""
    return sorted(path.stem for path in (folder or SUITES_DIR).glob("*.yml"))


def load_suite(gate: str, folder: Path | None = None) -> Suite:
    """Read the suite of a gate. A wrong name or an incomplete check raises a ``ReliefError``."""
    folder = folder or SUITES_DIR
    known = gates(folder)
    if gate not in known:
        raise ReliefError(f"there is no gate {gate!r}; choose one of: {', '.join(known)}")
    path = folder / f"{gate}.yml"
    document = read_document(f"expectations/{path.name}", path.read_bytes(), hint="correct it and try again")
    written = model_of(document, _SuiteDocument)
    checks = tuple(entry.check() for entry in written.checks)
    if written.bands:
        checks += checks_of_bands(folder / written.bands)
    names = [check.name for check in checks]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ReliefError(f"expectations/{path.name} has two checks of the same name: {'; '.join(repeated)}")
    return Suite(gate, written.opens_when.table_exists, written.opens_when.otherwise, checks)


def rendered(query: str) -> str:
    """Render a query with the build's macros for texts and with `seed('codes/x.csv')` for the rows of a seed."""
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
