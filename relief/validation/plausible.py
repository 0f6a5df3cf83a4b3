"""The measures of ``expectations/plausible/`` as data: how each delivery is measured, and a check per band."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from relief.document_model import FilledText, OneLine, Part, Text, blank_is, model_of, says, wrong, wrong_at
from relief.documents import read_document
from relief.home import PROJECT_DIR
from relief.validation.checks import Check, TableNames
from relief.validation.results import Severity

FOLDER = PROJECT_DIR / "expectations" / "plausible"
Kind = Literal["stop", "warn", "stop_change", "warn_change"]
# By kind of band: how the check's name ends, the severity, and whether it compares with an earlier value.
BANDS: dict[Kind, tuple[str, Severity, bool]] = {
    "stop": ("within bounds", "stop", False),
    "warn": ("as usual", "warn", False),
    "stop_change": ("as in the last build", "stop", True),
    "warn_change": ("nearly as in the last build", "warn", True),
}
Measured = tuple[float | None, int, float | None]
"""Value (None: too few rows), number of rows, and change from before (None: nothing to compare with)."""
_LARGE = 10_000  # from this number on, no decimals are shown


def _end(value: object) -> object:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ValueError
    return value


End = Annotated[Any, AfterValidator(_end)]  # a number as written in the file, because the text of a check quotes it
Band = Annotated[tuple[End, End], says("is a band: its lower and its upper end, null where it is open: [0.2, null]")]
RowsFrom = Annotated[int, says("is a whole number of rows")]
_BEFORE = "A delivery is compared with those of its table that the last build without it had read."


@dataclass(frozen=True)
class Measure:
    """One number of a delivery and its bands. With a ``query``, it is a number of all landed data."""

    name: str
    title: str
    because: str
    rows_from: int
    bands: dict[Kind, tuple[float | None, float | None]]
    of: str = "true"
    holds: str | None = None
    value: str | None = None
    query: str | None = None
    needs: tuple[str, ...] = ()
    is_ratio: bool = False
    is_total: bool = False

    @property
    def is_share(self) -> bool:
        """Whether the measure is a share of its rows."""
        return self.value is None

    def differs(self, value: float, before: float | None) -> float | None:
        """The change from the earlier value, as a quotient or a difference; None without an earlier value."""
        if before is None or (self.is_ratio and not before):
            return None
        return value / before if self.is_ratio else value - before


@dataclass(frozen=True)
class Plausibility:
    """The measures of one table and the model that reads its rows. Without a model, they concern several tables."""

    table: str
    called: str
    measures: tuple[Measure, ...]
    facts: str = ""
    model: str = ""


@cache
def plausibilities(folder: Path = FOLDER) -> tuple[Plausibility, ...]:
    """Read every file of the folder. An incomplete file raises a ``ReliefError`` of one line."""
    return tuple(_read(path) for path in sorted(folder.glob("*.yml")))


def check_name(measure: Measure, called: str, kind: Kind) -> str:
    """The readable name of the check of one band."""
    return f"{measure.title} {BANDS[kind][0]} ({called})"


def words_of(measure: Measure, kind: Kind, rows: list[Measured]) -> str | None:
    """Describe the number farthest outside a band, and its rows. None if there is no number."""
    compares = BANDS[kind][2]
    low, high = measure.bands[kind]

    def outside(one: tuple[float, int]) -> float:
        return max(-math.inf if low is None else low - one[0], -math.inf if high is None else one[0] - high)

    seen = [(change if compares else value, count) for value, count, change in rows]
    known = [(number, count) for number, count in seen if number is not None]
    if not known:
        return None
    number, count = max(known, key=outside)
    share = 100 * abs(number) if measure.is_share else abs(number)
    if compares and measure.is_ratio:
        words = f"{_plain(number)} times what it was before, of"
    elif compares:
        unit = "percentage points " if measure.is_share else ""
        words = f"{_plain(share)} {unit}{'more' if number >= 0 else 'less'} than before among"
    else:
        words = f"{_plain(share)} {'percent of' if measure.is_share else 'of'}"
    return f"{words} {count:,} rows"


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number >= _LARGE else f"{number:.4f}".rstrip("0").rstrip(".")


def checks(folder: Path = FOLDER) -> tuple[Check, ...]:
    """One check per band. The checks of a table share one query, in which each measure has two columns."""
    found: list[Check] = []
    for table in plausibilities(folder):
        query = _query(table)
        found += [
            _check(table, measure, kind, query) for measure in table.measures for kind in BANDS if kind in measure.bands
        ]
    return tuple(found)


def _check(table: Plausibility, measure: Measure, kind: Kind, query: str) -> Check:
    _, severity, compares = BANDS[kind]
    low, high = measure.bands[kind]
    ends = {name: end for name, end in (("min_value", low), ("max_value", high)) if end is not None}
    what = "times what it was before" if measure.is_ratio else "more than before" if compares else "of the rows"
    if compares:
        words = f"{_ends(low, high)} {what}. {_BEFORE}"
    else:
        words = f"{_ends(low, high)} {what if measure.is_share else 'in number'}."
    return Check(
        name=check_name(measure, table.called, kind),
        description=f"{measure.title} ({table.called}): {words} Asked from {measure.rows_from} rows on.",
        severity=severity,
        because=measure.because,
        unit="measurements",
        expectation="expect_column_values_to_be_between",
        query=query,
        kwargs={"column": measure.name + ("_change" if compares else ""), **ends},
        needs=measure.needs or (table.table,),
    )


def _ends(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


def _query(table: Plausibility) -> str:
    columns = ",\n    ".join(
        f"max({source}) filter (where measure = '{measure.name}') as {measure.name}{suffix}"
        for measure in table.measures
        for source, suffix in (("value", ""), ("change", "_change"))
    )
    return f"select\n    {columns}\nfrom meta.measured\nwhere table_name = '{table.table}'\ngroup by delivery_id"


class _Entry(Part):
    noun: ClassVar[str] = "a measure"
    measure: FilledText
    title: FilledText
    because: OneLine
    of: Text = "true"
    holds: Annotated[Text | None, Field(alias="is")] = None
    value: Text | None = None
    query: Text | None = None
    needs: TableNames = ()
    ratio: Annotated[bool, says("is true or false")] = False
    total: Annotated[bool, says("is true or false")] = False
    rows_from: RowsFrom | None = None
    stop: Band | None = None
    warn: Band | None = None
    stop_change: Band | None = None
    warn_change: Band | None = None

    @property
    def bands(self) -> dict[Kind, tuple[float | None, float | None]]:
        """The bands that the entry gives."""
        given = {"stop": self.stop, "warn": self.warn, "stop_change": self.stop_change, "warn_change": self.warn_change}
        return {kind: band for kind in BANDS if (band := given[kind])}

    @model_validator(mode="after")
    def _is_one_number_with_a_band(self) -> Self:
        if sum(each is not None for each in (self.holds, self.value, self.query)) != 1:
            raise wrong(f"measure {self.measure!r} has one of is, value and query")
        if not self.bands:
            raise wrong(f"measure {self.measure!r} has no band; write one of {', '.join(BANDS)}")
        return self

    def read(self, rows_from: int) -> Measure:
        """Return the measure. `rows_from` is the default of the file, and the entry may override it."""
        return Measure(
            name=self.measure,
            title=self.title,
            because=self.because,
            rows_from=rows_from if self.rows_from is None else self.rows_from,
            bands=self.bands,
            of=self.of,
            holds=self.holds,
            value=self.value,
            query=self.query,
            needs=self.needs,
            is_ratio=self.ratio,
            is_total=self.total,
        )


class _File(Part):
    noun: ClassVar[str] = "a file of measures"
    table: FilledText
    model: Annotated[Text, blank_is("")] = ""
    called: FilledText
    rows_from: RowsFrom
    facts: Annotated[Text, blank_is("")] = ""
    measures: tuple[_Entry, ...]

    @field_validator("measures")
    @classmethod
    def _names_once(cls, measures: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
        names = [entry.measure for entry in measures]
        wrong_at(
            (f"two measures of the same name: {name}", (n, "measure"))
            for n, name in enumerate(names)
            if name in names[:n]
        )
        return measures


def _read(path: Path) -> Plausibility:
    document = read_document(f"expectations/plausible/{path.name}", path.read_bytes(), hint="correct it and try again")
    written = model_of(document, _File)
    measures = tuple(entry.read(written.rows_from) for entry in written.measures)
    return Plausibility(written.table, written.called, measures, written.facts, written.model)
