"""`relief export briefing`: write two pages of HTML for decision makers, from the public release alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relief.duck import connect
from relief.errors import ReliefError
from relief.export.folder import new_folder
from relief.figures import county_name, day, number, share, span
from relief.publishing.releases import current_release

if TYPE_CHECKING:
    from relief.home import Home

FILE = "briefing.html"
TEMPLATE = Path(__file__).with_name("briefing.html.j2")
WITHHELD = "withheld"
STANDINGS = {
    "not_ordered": "No order yet",
    "ordered": "Order signed",
    "entered": "Order entered",
    "court_record_updated": "Court record updated",
    "visible": "Relief visible in the DOJ's record",
    "unknown": "Cannot tell: no orders delivered",
    "all": "All convictions in review",
}
OUTCOMES = {
    "people_with_relief": "People with relief",
    "no_felony_left": "No felony left",
    "no_conviction_left": "No conviction left",
    "no_conviction_last_7_years": "No conviction in the last 7 years",
    "cannot_tell": "A missing fact decides one of these",
}
ANNOUNCED_STAGE = "order_signed"
Row = dict[str, Any]


@dataclass(frozen=True)
class Briefing:
    """The texts and numbers of the two pages, from one public release."""

    info: Row
    waves: list[Row]
    stages: list[Row]
    standing: list[Row]
    people: list[Row]
    sources: list[Row]
    sentence: str


def export_briefing(home: "Home", out: Path) -> Path:
    """Write the briefing of the current public release into `out`, a new folder; return the file.

    Raises ReliefError when there is no release, its public file is missing or wrong, or the folder cannot be used.
    """
    release = current_release(home)
    if release is None:
        raise ReliefError("there is no release to brief from; publish one first: relief run or relief publish")
    html = briefing_html(home.releases / release.public, release.release_id)
    with new_folder(home, out) as folder:
        (folder / FILE).write_text(html, encoding="utf-8")
    return out / FILE


def briefing_html(path: Path, release_id: str) -> str:
    """The two pages as one file that loads no other file. Raises ReliefError unless `path` is that public release."""
    import jinja2  # noqa: PLC0415  (keeps `relief --help` fast)

    briefing = read_briefing(path, release_id)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(briefing=briefing, county=county_name(str(briefing.info["county"] or "")), day=day)


def read_briefing(path: Path, release_id: str) -> Briefing:
    """Read everything on the pages from `path`. Raises ReliefError unless it is the public file of this release."""
    import duckdb  # noqa: PLC0415  (keeps `relief --help` fast)

    try:
        with connect(path, read_only=True, config={"enable_external_access": "false"}) as connection:

            def rows(sql: str) -> list[Row]:
                cursor = connection.execute(sql)
                names = [column[0] for column in cursor.description or []]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

            info = rows("select * from release_info")
            if [(row["kind"], row["release_id"]) for row in info] != [("public", release_id)]:
                raise ReliefError(
                    f"{path.name} does not say that it is the public release; publish again: relief publish"
                )
            stages = rows("select * from rpt_progress_toward_published_totals order by wave_number, stage_number")
            standing = rows("select standing, convictions, mark from rpt_relief_standing where courthouse = 'all'")
            people = rows("select * from rpt_people_outcomes where basis_type = 'orders'")
    except (duckdb.Error, OSError) as error:
        raise ReliefError(f"{path.name} cannot be read; publish again: relief publish") from error
    waves = [_wave(row) for row in stages if row["stage"] == ANNOUNCED_STAGE]
    return Briefing(
        info[0],
        waves,
        [_stage(row) for row in stages],
        _standing(standing),
        _people(people),
        _sources(stages),
        _sentence(waves),
    )


def shown(value: int | None, mark: str) -> str:
    """A count for readers: withheld, unknown, or the number."""
    return number(value) if value is not None else WITHHELD if mark == "suppressed" else number(None)


def _counted(row: Row) -> str:
    if row["counted"] is None:
        return shown(None, row["mark"])
    return span(row["counted_low"], row["counted_high"], row["counted"])


def _wave(row: Row) -> Row:
    return {
        "title": row["wave_title"],
        "unit": row["unit"],
        "announced": number(row["published_count"]),
        "counted": _counted(row),
        "share": share(row["counted"], row["published_count"]) if row["counted"] is not None else WITHHELD,
        "year": row["published_as_of_date"].year if row["published_as_of_date"] else "",
        "as_of": day(row["extract_as_of_date"]),
    }


def _stage(row: Row) -> Row:
    return {"wave": row["wave_title"], "title": row["stage_title"], "unit": row["unit"], "counted": _counted(row)}


def _standing(rows: Sequence[Row]) -> list[Row]:
    found = {row["standing"]: row for row in rows}
    return [
        {"title": title, "counted": shown(found[name]["convictions"], found[name]["mark"])}
        for name, title in STANDINGS.items()
        if name in found and (found[name]["convictions"] or found[name]["mark"] != "zero")
    ]


def _people(rows: Sequence[Row]) -> list[Row]:
    return [
        {"title": title, "counted": shown(row[name], row["mark"])} for row in rows for name, title in OUTCOMES.items()
    ]


def _sources(stages: Sequence[Row]) -> list[Row]:
    named = {
        row["published_source_url"]: {
            "name": row["published_source_name"],
            "url": row["published_source_url"],
            "day": day(row["published_as_of_date"]),
        }
        for row in stages
        if str(row["published_source_url"]).startswith(("https://", "http://"))
    }
    return list(named.values())


def _sentence(waves: Sequence[Row]) -> str:
    """The sentence that may be quoted: one number per wave, each in its own unit and never added up."""
    if not waves:
        return "This release counts no signed orders."
    parts = [
        f"a number of {wave['unit']} that is {'withheld' if wave['counted'] == WITHHELD else 'not known'}"
        if not wave["counted"][:1].isdigit()
        else f"{wave['counted']} of about {wave['announced']} {wave['unit']} announced in {wave['year']}"
        for wave in waves
    ]
    return f"As of {waves[0]['as_of']}, courts have signed orders that dismiss {', and '.join(parts)}."
