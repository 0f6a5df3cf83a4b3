"""Write a table as CSV and as a sheet of an XLSX workbook. No cell of either file is ever a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from relief.text import INVISIBLE, is_formula

Cell = int | float | str

LONGEST_CELL = 32_767
"""The largest number of characters in a cell of a workbook. The CSV file contains the whole text."""
_CUT = " [cut: the CSV file has all]"
# Characters that XML cannot contain, that a program may read as the end of a line or cell, or that are invisible.
_UNSAFE = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff{INVISIBLE}]+")
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_HELD_IN_MEMORY = 2_000
"""A workbook with at most this number of rows is made in memory.

A larger one is written row by row through temporary files.
"""


def plain(value: Any) -> str:
    """The value as one line of text, without control characters, line ends and invisible characters."""
    if value is None:
        return ""
    if value is True:
        return "yes"
    if value is False:
        return "no"
    text = str(value)
    return text if text.isprintable() else _UNSAFE.sub(" ", text)


def csv_cell(value: Any) -> str:
    """The value for a spreadsheet, with a leading apostrophe if it is a text that could be run as a formula."""
    return _disarmed(value, plain(value))


def _disarmed(value: Any, text: str) -> str:
    # A text that begins with a letter or digit, as nearly every text does, is returned at once.
    if text[:1].isalnum() or not isinstance(value, str):
        return text
    return "'" + text if is_formula(value) or is_formula(text) else text


class TableFiles:
    """``<stem>.csv`` and ``<stem>.xlsx`` with the same rows. The first sheet of the workbook describes it."""

    def __init__(
        self,
        stem: Path,
        title: str,
        columns: Sequence[str],
        about: Iterable[tuple[str, str]],
        *,
        label: str,
        constants: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Open the CSV. `label` begins every row, and `constants` end each CSV row. A workbook sheet has `about`."""
        self.rows = 0
        self.csv_path = stem.with_name(stem.name + ".csv")
        self._xlsx_path = stem.with_name(stem.name + ".xlsx")
        self._label, self._tail = label, [csv_cell(value) for _, value in constants]
        self._mark = f"{label} " if label == "SYNTHETIC" else ""
        self._title, self._columns = title, ["data_label", *columns]
        self._facts = [("what", title), ("data_label", label), *about]
        self._file = self.csv_path.open("w", newline="", encoding="utf-8")
        self._csv = csv.writer(self._file, lineterminator="\n")
        self._csv.writerow([*self._columns, *(name for name, _ in constants)])
        self._waiting: list[list[Cell]] = []
        self._book: Workbook | None = None
        self._sheet: Worksheet | None = None
        self._more: list[tuple[str, Sequence[str], list[list[Cell]]]] = []

    def add(self, row: Sequence[Any]) -> None:
        """Add one row, with the label in front."""
        self.rows += 1
        texts = [value if type(value) is str and value.isprintable() else plain(value) for value in row]
        self._csv.writerow([self._label, *map(_disarmed, row, texts), *self._tail])
        cells: list[Cell] = [self._label, *map(_number_or_text, row, texts)]
        if self._sheet:
            write_row(self._sheet, self.rows, cells)
            return
        self._waiting.append(cells)
        if len(self._waiting) > _HELD_IN_MEMORY:
            # The workbook's temporary files contain the same rows, so they are kept in the folder that is moved or
            # removed.
            self._begin({"constant_memory": True, "tmpdir": str(self._xlsx_path.parent)})

    def add_sheet(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add a sheet to the workbook, with the label in front of each row."""
        told = [[self._label, *(_number_or_text(value, plain(value)) for value in row)] for row in rows]
        self._more.append((name, ["data_label", *columns], told))

    def _begin(self, options: dict[str, Any]) -> tuple[Workbook, Worksheet]:
        """Make the workbook with the rows collected so far."""
        book = Workbook(str(self._xlsx_path), _OPTIONS | options)
        about = book.add_worksheet(f"{self._mark}about")
        about.set_column(0, 0, 28)
        about.set_column(1, 1, 100)
        for number, fact in enumerate(self._facts):
            write_row(about, number, [plain(text) for text in fact])
        sheet = self._new_sheet(book, self._title, self._columns, self._waiting)
        self._book, self._sheet, self._waiting = book, sheet, []
        return book, sheet

    def _new_sheet(self, book: Workbook, name: str, columns: Sequence[str], rows: Iterable[list[Cell]]) -> Worksheet:
        sheet = book.add_worksheet(f"{self._mark}{name}"[:31])
        sheet.set_header(f"&C{self._mark}{self._title}")
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, min(max(len(column) + 2, 10), 40))
        write_row(sheet, 0, columns)
        for number, row in enumerate(rows, start=1):
            write_row(sheet, number, row)
        return sheet

    def __enter__(self) -> "TableFiles":
        """Return self; the files are already open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close both files. After an error no workbook is written, since the folder is removed."""
        self._file.close()
        if kind is None:
            book = self._book or self._begin({"in_memory": True})[0]
            for name, columns, rows in self._more:
                self._new_sheet(book, name, columns, rows)
            book.close()


def write_row(sheet: Worksheet, number: int, row: Sequence[Cell]) -> None:
    """Write numbers as numbers and all else as text, and leave empty cells out."""
    for column, value in enumerate(row):
        if type(value) is str:
            if value:
                sheet.write_string(number, column, value if len(value) <= LONGEST_CELL else _cut(value))
        else:
            sheet.write_number(number, column, value)


def _number_or_text(value: Any, text: str) -> Cell:
    return value if type(value) in (int, float) else text


def _cut(text: str) -> str:
    return text[: LONGEST_CELL - len(_CUT)] + _CUT
