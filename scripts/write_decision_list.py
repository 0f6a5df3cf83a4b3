"""Write the table in docs/decisions/README.md from the decision records: `python scripts/write_decision_list.py`.

A record begins with its title. The next line contains its date and status, and names the later records that changed it.
Then come the earlier records that it changes itself. The table is between `<!-- decisions -->` and `<!-- end -->`. A
test checks that the table agrees with the records.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs/decisions"
INDEX = FOLDER / "README.md"
MARKED = re.compile(r"(<!-- decisions -->\n).*?(<!-- end -->)", re.DOTALL)
RECORD = re.compile(
    r"# (?P<number>\d+)\. (?P<title>[^\n]+)\n\n"
    r"Date: (?P<date>\d{4}-\d\d-\d\d)\. Status: accepted(?:, changed by (?P<changed_by>[^\n]+))?\.\n"
    r"(?P<changes>(?:[^\n]+\n)*)\n"
)
_NAMED = re.compile(r"\[decision (\d+)\]\((\d{4})-[\w-]+\.md\)")


@dataclass(frozen=True)
class Record:
    """One decision record: its file, its first lines, and its links to other records."""

    name: str
    number: int
    title: str
    date: str
    changed_by: tuple[int, ...]
    changes: tuple[int, ...]


def records() -> list[Record]:
    """Read every record in order; raise an error if the first lines of a record have another form."""
    return [_record(path) for path in sorted(FOLDER.glob("[0-9]*.md"))]


def _record(path: Path) -> Record:
    found = RECORD.match(path.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{path.name}: begin with `# N. Title`, then `Date: YYYY-MM-DD. Status: accepted.`")
    number, changed_by, changes = int(found["number"]), found["changed_by"] or "", found["changes"]
    return Record(path.name, number, found["title"], found["date"], _numbers(changed_by), _numbers(changes))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(number) for number, _ in _NAMED.findall(text)}))


def with_table(text: str) -> str:
    """Return the index page with its table made anew from the decision records."""
    lines = ["| no. | decision | date | status |", "|---|---|---|---|"]
    for record in records():
        later = ", ".join(str(number) for number in record.changed_by)
        status = f"accepted, changed by {later}" if later else "accepted"
        lines.append(f"| {record.number} | [{record.title}]({record.name}) | {record.date} | {status} |")
    table = "\n".join(lines)
    return MARKED.sub(lambda found: f"{found[1]}{table}\n{found[2]}", text)


if __name__ == "__main__":
    INDEX.write_text(with_table(INDEX.read_text(encoding="utf-8")), encoding="utf-8")
