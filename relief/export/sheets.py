"""A table written twice at once, as CSV and as a sheet of an XLSX workbook; no cell of either is ever a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from relief.text import FORMULA_STARTS

LONGEST_CELL = 32_767
"""What a cell of a workbook holds; the CSV beside it holds all."""
_CUT = " [cut: the CSV file has all]"
# What XML cannot hold, or a reader would take for the end of a line or a cell.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def plain(value: Any) -> str:
    """The value as one line of text: no control character, no line end."""
    if value is None:
        return ""
    if value is True:
        return "yes"
    if value is False:
        return "no"
    text = str(value)
    return text if text.isprintable() else _UNSAFE.sub(" ", text)


def csv_cell(value: Any) -> str:
    """The value as a spreadsheet may open it: a text that it could run as a formula gets a leading apostrophe."""
    text = plain(value)
    if not isinstance(value, str):
        return text
    is_formula = value.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    return "'" + text if is_formula else text


class TableFiles:
    """``<stem>.csv`` and ``<stem>.xlsx`` with the same rows. The workbook has a first sheet that says what it is."""

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
        """`label` leads every row; `constants` stand behind each row of the CSV, and in `about` for the workbook."""
        self.rows = 0
        self.csv_path = stem.with_name(stem.name + ".csv")
        self._label, self._tail = label, [csv_cell(value) for _, value in constants]
        self._stack = ExitStack()
        self._file: TextIO = self._stack.enter_context(self.csv_path.open("w", newline="", encoding="utf-8"))
        self._csv = csv.writer(self._file, lineterminator="\n")
        self._csv.writerow(["data_label", *columns, *(name for name, _ in constants)])
        # Its temporary files hold the same rows: they stay in the folder that is moved or removed as a whole.
        self._book = xlsxwriter.Workbook(
            str(stem.with_name(stem.name + ".xlsx")), _OPTIONS | {"tmpdir": str(stem.parent)}
        )
        self._bold = self._book.add_format({"bold": True})
        mark = f"{label} " if label == "SYNTHETIC" else ""
        self._head = f"&C{mark}{title}"
        self._about(f"{mark}about", [("what", title), ("data_label", label), *about])
        self._sheet = self.add_sheet(f"{mark}{title}"[:31], ["data_label", *columns])

    def add_sheet(self, name: str, columns: Sequence[str]) -> Worksheet:
        """One more sheet of the workbook with a header."""
        sheet = self._book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", name))
        sheet.set_header(self._head)
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, min(max(len(column) + 2, 10), 40))
        for number, column in enumerate(columns):
            sheet.write_string(0, number, column, self._bold)
        return sheet

    def add(self, row: Sequence[Any]) -> None:
        """One row, the label put before it."""
        self.rows += 1
        self._csv.writerow([self._label, *map(csv_cell, row), *self._tail])
        write_row(self._sheet, self.rows, [self._label, *row])

    def _about(self, name: str, facts: Iterable[tuple[str, str]]) -> None:
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        for number, fact in enumerate(facts):
            write_row(sheet, number, fact)

    def __enter__(self) -> "TableFiles":
        """Nothing more to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close both files; after an error the workbook is left as it is, since its folder goes."""
        self._stack.close()
        if kind is None:
            self._book.close()


def write_row(sheet: Worksheet, number: int, row: Sequence[Any]) -> None:
    """Counts as numbers, all else as text; an empty cell is none."""
    for column, value in enumerate(row):
        if isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(number, column, value)
        elif text := plain(value):
            cut = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(_CUT)] + _CUT
            sheet.write_string(number, column, cut)
