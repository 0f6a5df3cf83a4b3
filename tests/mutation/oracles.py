"""The project's own tests of whole files, asked again of a warehouse in memory: their fixtures, rows and assertions."""

import importlib
import inspect
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from unittest import mock

import duckdb
import pytest

from relief.export.determinations import COLUMNS
from relief.home import PROJECT_DIR, Home
from relief.sql_text import load_macros, macro_texts, sql_environment
from tests.mutation.project import read_seed
from tests.mutation.seed_mutants import LISTS
from tests.mutation.warehouse import Warehouse

Given = dict[str, object]


@dataclass(frozen=True)
class Oracle:
    """A home that one fixture builds, and the tests of one module that read it."""

    name: str
    builder: str  # module and fixture that build the home
    module: str
    given: Callable[[Warehouse, ModuleType], Given]  # fixtures of the tests, by name
    reads: tuple[str, ...]  # the models that the tests read
    only: str = "test_"  # tests whose names begin so
    evaluated_as_of: str = ""
    county: str = "LOS ANGELES"
    home: str = "home"
    patched: tuple[str, ...] = field(default=())

    @property
    def variables(self) -> dict[str, str]:
        """dbt's variables of its build."""
        return {"county": self.county, "evaluated_as_of": self.evaluated_as_of}

    def build(self, folder: Path) -> Path:
        """Build the home as the tests do, in a folder. Returns the home."""
        module, name = self.builder.split(":")
        function = inspect.unwrap(getattr(importlib.import_module(module), name))
        factory = mock.Mock(mktemp=mock.Mock(return_value=folder))
        made = function(factory)
        if inspect.isgenerator(made):
            next(made)
            made.close()
        return folder / self.home

    def failure(self, warehouse: Warehouse) -> str | None:
        """The first of its tests that fails, or None."""
        module = importlib.import_module(self.module)
        with ExitStack() as patches:
            for name in self.patched:
                patches.enter_context(mock.patch.object(module, name, _PATCHES[name](warehouse)))
            try:
                given = self.given(warehouse, module)
            except (KeyError, ValueError, AssertionError, duckdb.Error) as error:
                return f"{self.module}: {type(error).__name__} in a fixture"
            for name, function, arguments in _calls(module, self.only, given):
                try:
                    function(**arguments)
                except (AssertionError, KeyError, IndexError, ValueError, TypeError, duckdb.Error):
                    return f"{self.module}::{name}"
        return None


def _calls(module: ModuleType, only: str, given: Given) -> Iterator[tuple[str, Callable[..., None], Given]]:
    """Every test that the given fixtures and its own parameters are enough for."""
    for name, function in vars(module).items():
        if name.startswith(only) and inspect.isfunction(function):
            marks = getattr(function, "pytestmark", [])
            if any(mark.name == "full" for mark in marks):
                continue
            lists = [_parameters(mark) for mark in marks if mark.name == "parametrize"]
            wanted = set(inspect.signature(function).parameters)
            for chosen in itertools.product(*lists):
                arguments = {**given, **{key: value for one in chosen for key, value in one.items()}}
                if wanted and wanted <= arguments.keys() and wanted & given.keys():
                    yield name, function, {key: arguments[key] for key in wanted}


def _parameters(mark: pytest.Mark) -> list[Given]:
    names = mark.args[0].split(",") if isinstance(mark.args[0], str) else list(mark.args[0])
    names = [name.strip() for name in names]
    return [dict(zip(names, value if len(names) > 1 else (value,), strict=True)) for value in mark.args[1]]


def _determinations(warehouse: Warehouse, policy_id: str) -> list[dict[str, str]]:
    """What `relief export determinations` writes."""
    rows = warehouse.rows(
        f"select {', '.join(COLUMNS)} from marts.fct_relief_determinations where policy_id = ? "
        "order by source, delivery_id, row_no",
        [policy_id],
    )
    return [{c: "" if v is None else str(v) for c, v in zip(COLUMNS, row, strict=True)} for row in rows]


_PATCHES: dict[str, Callable[[Warehouse], object]] = {
    "open_warehouse": lambda warehouse: lambda _home, read_only=False: nullcontext(warehouse.connection),
    "determinations": lambda warehouse: lambda _home, policy_id, _out: _determinations(warehouse, policy_id),
}


def _worked(people: str) -> Callable[[Warehouse, ModuleType], Given]:
    return lambda _warehouse, _module: {"homes": {people: Home(Path("in memory"))}, "people": people}


def _boundaries(warehouse: Warehouse, _module: ModuleType) -> Given:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for answer in _determinations(warehouse, "la_pilot_2019"):
        found.setdefault(answer["subject_id"], {})[answer["cnt_order"]] = answer
    return {"answers": found}


def _statutes(warehouse: Warehouse, module: ModuleType) -> Given:
    classified = warehouse.connection
    return {"classified": classified, "answers": inspect.unwrap(module.answers)(classified)}


def _home(name: str) -> Callable[[Warehouse, ModuleType], Given]:
    return lambda _warehouse, _module: {name: Home(Path("in memory")), "tmp_path": Path("nowhere")}


_WORKED = "tests.python.policies.test_worked_examples"
_BOUNDARIES = "tests.python.policies.test_policy_boundaries"
_DEFECTS = "tests.python.older_tool.test_older_tool_defects"
_STATUTES = "tests.python.records.test_statutes"
_SHARED = "tests.python.conftest"
_FIXTURES = "tests.python.older_tool.test_older_tool_fixtures"
_VECTORS = "tests.python.older_tool.test_older_tool_vectors"
_MACROS = "tests.python.policies.test_macros"
_CORPUS = "tests.python.records.test_charge_corpus"

_DETERMINED = ("fct_relief_determinations",)
ORACLES = (
    Oracle(
        "worked", f"{_WORKED}:homes", _WORKED, _worked(""),
        _DETERMINED, only="test_the_warehouse", patched=("open_warehouse",), evaluated_as_of="2019-07-01",
    ),
    Oracle(
        "worked_2020", f"{_WORKED}:homes", _WORKED,
        _worked("_2020"), _DETERMINED, only="test_the_warehouse", patched=("open_warehouse",),
        evaluated_as_of="2020-01-31", home="home_2020",
    ),
    Oracle(
        "worked_again", f"{_WORKED}:homes", _WORKED,
        _worked("_again"), _DETERMINED, only="test_the_warehouse", patched=("open_warehouse",),
        evaluated_as_of="2020-01-31", home="home_again",
    ),
    Oracle(
        "boundaries", f"{_BOUNDARIES}:answers", _BOUNDARIES,
        _boundaries, _DETERMINED,
    ),
    Oracle(
        "defects", f"{_DEFECTS}:home", _DEFECTS,
        _home("home"), ("fct_relief_determinations", "fct_relief_defects"), only="test_defect",
        patched=("open_warehouse", "determinations"),
    ),
    Oracle(
        "statutes", f"{_STATUTES}:classified", _STATUTES, _statutes,
        ("int_offenses__classified", "audit_unmapped_charges", "audit_look_alike_charges", "audit_counts"),
        evaluated_as_of="2020-07-01",
    ),
    Oracle(
        "generated", f"{_SHARED}:generated", _FIXTURES, _home("generated"),
        ("fct_relief_determinations", "rpt_people_outcomes"), patched=("open_warehouse", "determinations"),
        evaluated_as_of="2020-07-01",
    ),
    Oracle(
        "los_angeles", f"{_SHARED}:los_angeles", _FIXTURES,
        _home("los_angeles"), _DETERMINED, patched=("open_warehouse", "determinations"), evaluated_as_of="2019-11-11",
    ),
    Oracle(
        "configurable", f"{_SHARED}:configurable", _FIXTURES,
        _home("configurable"), _DETERMINED, patched=("open_warehouse", "determinations"),
        evaluated_as_of="2019-11-11", county="SACRAMENTO",
    ),
)  # fmt: skip


def lists_failure(rows: list[dict[str, str]]) -> str | None:
    """tests/python/older_tool/test_older_tool_vectors.py, with other rows of the lists."""
    module = importlib.import_module(_VECTORS)
    with duckdb.connect() as connection:
        columns = list(read_seed(LISTS)[0])
        connection.execute(f"create table entries ({', '.join(f'{column} varchar' for column in columns)})")
        connection.executemany(
            f"insert into entries values ({', '.join('?' for _ in columns)})",
            [[row[column] or None for column in columns] for row in rows],
        )
        for name, function, arguments in _calls(module, "test_", {"entries": connection}):
            try:
                function(**arguments)
            except AssertionError:
                return f"{_VECTORS}::{name}"
    return None


def macros_failure(path: str, text: str) -> str | None:
    """tests/python/policies/test_macros.py, with one file of macros changed."""
    module = importlib.import_module(_MACROS)
    macros = load_macros(sql_environment(), {**macro_texts(), path: text})
    with mock.patch.object(module, "MACROS", macros), duckdb.connect() as connection:
        for name, function, arguments in _calls(module, "test_", {"connection": connection}):
            try:
                function(**arguments)
            except (AssertionError, duckdb.Error):
                return f"{_MACROS}::{name}"
    return None


def corpus_failure(path: str, text: str) -> str | None:
    """tests/python/records/test_charge_corpus.py, with one file of the reading of charges changed."""
    module = importlib.import_module(_CORPUS)
    unchanged = module.source
    (sample,) = inspect.unwrap(module.sample)()
    with (
        mock.patch.object(module, "source", lambda of: text if of == path else unchanged(of)),
        tempfile.TemporaryDirectory() as folder,
    ):
        for name, function, arguments in _calls(module, "test_", {"sample": sample, "tmp_path": Path(folder)}):
            try:
                function(**arguments)
            except (AssertionError, duckdb.Error):
                return f"{_CORPUS}::{name}"
    return None


def seed_name(path: str) -> str:
    """A seed's name in dbt."""
    return (PROJECT_DIR / path).stem
