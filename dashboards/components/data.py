"""Typed reading of everything that the pages show.

This is the pointer to the current release, the leadership release, and the public release for downloads. Nothing here
opens the warehouse. Every read is cached per release, so that a changed pointer takes effect on the next rerun.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import streamlit as st

from dashboards.components.words import number, span
from relief.duck import connect
from relief.errors import ReliefError
from relief.home import current_home

STAGES = ("identified", "order_signed", "court_record_updated", "doj_updated")
ANNOUNCED_STAGE = "order_signed"
Row = TypeVar("Row", bound=Any)
WAY_OUT = "publish again (relief publish) or go back to the release before (relief publish --rollback)"

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {"enable_external_access": "false", "threads": "1"}


@dataclass(frozen=True)
class ReleaseFile:
    """One published file. Its time and size are part of its identity, so that a changed file gets a new cache entry."""

    release_id: str
    path: str
    modified_ns: int
    file_bytes: int


@dataclass(frozen=True)
class Release:
    """The current release: exact figures for the pages and, if readable, suppressed figures for downloads."""

    release_id: str
    leadership: ReleaseFile
    public: ReleaseFile | None


@dataclass(frozen=True)
class ReleaseInfo:
    """The only row of the table ``release_info``."""

    release_id: str
    build_id: str
    published_at: datetime | str | None
    county: str
    evaluated_as_of_date: date | None
    extract_as_of_date: date | None
    is_synthetic: bool
    notice: str
    relief_version: str
    data_quality: str = ""


@dataclass(frozen=True)
class StageCount:
    """The count of one wave at one stage. ``mark`` is read from a public release only."""

    wave_number: int
    wave_title: str
    unit: str
    stage_number: int
    stage: str
    stage_title: str
    published_count: int | None
    published_as_of_date: date | None
    published_source_name: str | None
    published_source_url: str | None
    counted: int | None
    counted_low: int | None
    counted_high: int | None
    extract_as_of_date: date | None
    mark: str = "value"

    @property
    def has_range(self) -> bool:
        """Whether the count is a range instead of one number, because some links are uncertain."""
        return self.counted_low is not None and self.counted_high is not None and self.counted_low != self.counted_high


@dataclass(frozen=True)
class PeopleOutcome:
    """Number of people whose record changes under one basis, which is the signed orders or a policy.

    `overdue_records`: whether records that should have been destroyed are counted or left out.
    """

    basis: str
    basis_type: str
    people_with_relief: int | None
    no_felony_left: int | None
    no_conviction_left: int | None
    no_conviction_last_7_years: int | None
    cannot_tell: int | None
    evaluated_as_of_date: date | None
    extract_as_of_date: date | None
    overdue_records: str
    is_policy_choice: bool
    people_with_relief_low: int | None
    people_with_relief_high: int | None
    no_felony_left_low: int | None
    no_felony_left_high: int | None
    no_conviction_left_low: int | None
    no_conviction_left_high: int | None
    no_conviction_last_7_years_low: int | None
    no_conviction_last_7_years_high: int | None

    def span(self, outcome: str) -> str:
        """Return the number of people with one outcome, and its range.

        The count has a range, because uncertain links leave open whether two records are one person, and because some
        facts are missing.
        """
        count, low, high = (getattr(self, f"{outcome}{end}", None) for end in ("", "_low", "_high"))
        return number(count) if low is None or low == high else f"{number(count)} ({span(low, high, count)})"


@dataclass(frozen=True)
class Delivery:
    """One delivered file, and whether each of its records is accounted for."""

    source: str
    table_name: str
    as_of_date: date | None
    as_of_given: bool | None
    records: int | None
    loaded: int | None
    rejected: int | None
    is_reconciled: bool | None
    status: str


@dataclass(frozen=True)
class Check:
    """One check of the build that made this release."""

    gate: str
    check_name: str
    description: str
    severity: str
    status: str
    observed: str | None


@dataclass(frozen=True)
class Audit:
    """Number of findings of one kind about the data."""

    finding: str
    title: str
    unit: str
    findings: int | None


@dataclass(frozen=True)
class ReviewQueue:
    """Number of convictions that one policy sends to attorneys: decided, since settled by a court, or waiting."""

    policy_id: str
    policy_title: str
    to_review: int
    decided: int
    settled: int
    waiting: int
    share_decided: float | None
    oldest_waiting_days: int | None
    median_waiting_days: float | None
    queue_as_of_date: date | None


@dataclass(frozen=True)
class PublishedFigure:
    """One figure that somebody published, with its place, its date and its source."""

    metric: str
    value: float | None
    unit: str
    as_of_date: date | None
    geography: str
    source_name: str
    source_url: str | None
    note: str | None


@dataclass(frozen=True)
class Summary:
    """All data that the page Progress shows."""

    info: ReleaseInfo
    stages: tuple[StageCount, ...]
    people: tuple[PeopleOutcome, ...]
    deliveries: tuple[Delivery, ...]
    checks: tuple[Check, ...]
    audits: tuple[Audit, ...]
    reviews: tuple[ReviewQueue, ...]
    published: tuple[PublishedFigure, ...]


def releases_folder() -> Path:
    """Return the folder RELIEF_HOME/releases."""
    return current_home().releases


def current_release(folder: Path) -> Release | None:
    """Return the release that the pointer names now, or ``None`` if nothing has been published yet."""
    pointer = folder / "current"
    try:
        content = json.loads(pointer.read_text(encoding="utf-8"))
        release_id, leadership, public = content["release_id"], content["leadership"], content.get("public")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReliefError(f"the pointer releases/current cannot be read; {WAY_OUT}") from error
    leadership_file = release_file(folder, release_id, leadership, "leadership")
    if leadership_file is None:
        raise ReliefError(f"the pointer releases/current names no leadership file that is there; {WAY_OUT}")
    return Release(str(release_id), leadership_file, release_file(folder, release_id, public, "public"))


def release_file(folder: Path, release_id: object, name: object, kind: str) -> ReleaseFile | None:
    """Return the file if it is a file of this kind in the releases folder, else None."""
    if not isinstance(name, str) or not name.startswith(f"{kind}-") or Path(name).name != name:
        return None
    try:
        stat = (folder / name).stat()
    except (OSError, ValueError):
        return None
    return ReleaseFile(str(release_id), str(folder / name), stat.st_mtime_ns, stat.st_size)


def query(file: ReleaseFile, sql: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
    """Run one query on a release file. The file is opened read-only, and the query cannot access anything else."""
    try:
        with connect(file.path, read_only=True, config=_SETTINGS) as connection:
            connection.execute("set lock_configuration = true")
            cursor = connection.execute(sql, parameters or [])
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except (duckdb.Error, OSError, RuntimeError) as error:
        raise ReliefError(
            f"the release file {Path(file.path).name} is damaged or was written by another version; {WAY_OUT}"
        ) from error


def rows_of(
    row_type: type[Row],
    file: ReleaseFile,
    rest: str,
    parameters: list[Any] | None = None,
    *,
    without: Sequence[str] = (),
    **expressions: str,
) -> tuple[Row, ...]:
    """Read the rows of a table of a release, each as a ``row_type``, whose fields are the columns to read.

    Args:
        row_type: a dataclass. Each field has the name of a column.
        file: the release file.
        rest: the table, and what follows it: ``rpt_x where ... order by ...``.
        parameters: the values of the question marks in ``rest``.
        without: fields that are not read and keep their default.
        expressions: SQL for fields that are computed instead of read from a column of the same name.
    """
    names = [field.name for field in fields(row_type) if field.name not in without]
    columns = ", ".join(f'{expressions.get(name, name)} as "{name}"' for name in names)
    return tuple(row_type(**row) for row in query(file, f"select {columns} from {rest}", parameters))


@st.cache_data(show_spinner=False, max_entries=8)
def load_summary(file: ReleaseFile) -> Summary:
    """Read all data of the Progress page, once per release."""
    return Summary(
        info=load_info(file, "leadership"),
        stages=load_stages(file),
        people=rows_of(PeopleOutcome, file, "rpt_people_outcomes order by basis_type, basis, overdue_records"),
        deliveries=rows_of(Delivery, file, "delivery_quality order by source, table_name, as_of_date"),
        checks=rows_of(
            Check,
            file,
            "check_results order by gate, check_name",
            description="coalesce(description, '')",
        ),
        audits=rows_of(Audit, file, "audit_counts order by findings desc"),
        reviews=rows_of(
            ReviewQueue,
            file,
            "rpt_review_progress where review_reason = 'all' order by policy_id = 'statutory_11361_8' desc, policy_id",
        ),
        published=rows_of(
            PublishedFigure,
            file,
            "published_figures order by as_of_date, metric",
            value="cast(value as double)",
        ),
    )


@st.cache_data(show_spinner=False, max_entries=16)
def load_info(file: ReleaseFile, kind: str) -> ReleaseInfo:
    """Read how a release file describes itself; raise an error if it describes another release or another kind."""
    rows = query(
        file,
        "select release_id, build_id, kind, published_at, county, evaluated_as_of_date, extract_as_of_date, "
        "is_synthetic, notice, relief_version from release_info",
    )
    if len(rows) != 1 or (rows[0]["kind"], str(rows[0]["release_id"])) != (kind, file.release_id):
        raise ReliefError(
            f"the file {Path(file.path).name} does not say that it is the {kind} release that releases/current names; "
            f"{WAY_OUT}"
        )
    row = rows[0]
    # A release that an earlier version wrote does not contain the column data_quality.
    (kept,) = query(
        file,
        "select count(*) as columns from duckdb_columns() "
        "where table_name = 'release_info' and column_name = 'data_quality'",
    )
    quality = query(file, "select data_quality from release_info") if kept["columns"] else [{"data_quality": ""}]
    return ReleaseInfo(
        release_id=str(row["release_id"]),
        build_id=str(row["build_id"]),
        published_at=row["published_at"],
        county=str(row["county"] or ""),
        evaluated_as_of_date=row["evaluated_as_of_date"],
        extract_as_of_date=row["extract_as_of_date"],
        is_synthetic=bool(row["is_synthetic"]),
        notice=str(row["notice"] or ""),
        relief_version=str(row["relief_version"]),
        data_quality=str(quality[0]["data_quality"] or ""),
    )


@st.cache_data(show_spinner=False, max_entries=8)
def load_stages(file: ReleaseFile, *, marked: bool = False) -> tuple[StageCount, ...]:
    """Read the count of each wave at each stage. ``marked`` also reads ``mark``, which only a public release has."""
    return rows_of(
        StageCount,
        file,
        "rpt_progress_toward_published_totals order by wave_number, stage_number",
        without=() if marked else ("mark",),
    )
