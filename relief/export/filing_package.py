"""The filing package while it is written: its folder, its files, and the number of rows in each."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from relief.export.built import Built
from relief.export.filing_day import days_note
from relief.export.filing_lists import Line
from relief.export.sheets import TableFiles


@dataclass
class Package:
    """The folder of the package while it is written, and the number of rows per line and file."""

    folder: Path
    built: Built
    day: date
    lines: Counter[Line] = field(default_factory=Counter)
    files: dict[Path, int] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The facts that every file contains about the build, and the day of the package."""
        return [*self.built.facts, ("package_date", self.day.isoformat())]

    @property
    def note(self) -> str:
        """The note if another day was evaluated, or an empty text."""
        return days_note(self.built, self.day)

    def open(self, parts: tuple[str, ...], title: str, columns: tuple[str, ...]) -> TableFiles:
        """Open a table in the folder of a courthouse and an agency, whose names become the folders' names."""
        folder = self.folder
        for part in parts[:-1]:
            folder = folder / self._name(str(folder), part)
            folder.mkdir(mode=0o700, exist_ok=True)
        about = [*self.facts, ("days", note)] if (note := self.note) else self.facts
        return TableFiles(folder / parts[-1], title, columns, about, label=self.built.label, constants=self.facts)

    def close(self, table: TableFiles) -> None:
        """Close the table and record its number of rows."""
        table.__exit__(None, None, None)
        self.files[table.csv_path] = table.rows

    def _name(self, folder: str, text: str) -> str:
        """Make a short folder name from a text. Different texts get different names."""
        if (folder, text) not in self.names:
            name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60] or "unnamed"
            taken = {name for (of, _), name in self.names.items() if of == folder}
            number = 1
            while (unique := name if number == 1 else f"{name}_{number}") in taken:
                number += 1
            self.names[folder, text] = unique
        return self.names[folder, text]
