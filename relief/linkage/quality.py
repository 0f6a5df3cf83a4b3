"""`relief link-quality`: compare the links of the last build with true pairs by group, and count causes of losses."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from relief.building.inputs import from_text
from relief.building.last_build import last_build
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.linkage.own_weights import used_by

if TYPE_CHECKING:
    import duckdb

GROUPS = ("surname_type", "sex", "race")
_REQUIRED = ("subject_id", "case_number", "defendant_number")
_OPTIONAL = (*GROUPS, "causes", "doj_case_number", "court_cii_number")
BINS = (0.001, 0.05, 0.2, 0.5, 0.9, 0.99, 0.999, 1.0)


@dataclass(frozen=True)
class GroupQuality:
    """One group: how many true pairs it has, how many of them were found, and how many links are to a wrong person."""

    group: str
    value: str
    pairs: int
    found: int
    wrong: int

    @property
    def recall(self) -> float | None:
        """The share of true pairs that are linked; None if there are no true pairs."""
        return self.found / self.pairs if self.pairs else None

    @property
    def precision(self) -> float | None:
        """The share of links that are true; None if there are no links."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else None


@dataclass(frozen=True)
class Bin:
    """Scored pairs of a group in a range of match probability: how many the model expects to be true, and how many are.

    The group is the subject's, from the file of true pairs or else from the criminal history (sex and race).
    """

    group: str
    value: str
    low: float
    high: float
    pairs: int
    expected: float
    true: int


@dataclass(frozen=True)
class LinkQuality:
    """`groups` begins with all pairs. `lost` has (cause, pairs). `in_queue` counts lost pairs in the review queue.

    `weights` describes the settings of the build's linkage, if the build recorded them.
    """

    groups: tuple[GroupQuality, ...]
    lost: tuple[tuple[str, int], ...]
    in_queue: int
    calibration: tuple[Bin, ...]
    weights: str = ""


def link_quality(home: Home, truth: Path) -> LinkQuality:
    """Compare the links of persons with a CSV file that lists every true pair of a subject and a court defendant.

    Columns: subject_id, case_number and defendant_number as in the files; surname_type, sex, race and causes where
    known. Raises ReliefError when the file lacks a column or the warehouse has no links.
    """
    import duckdb  # noqa: PLC0415  (slow import)

    if not truth.is_file():
        raise ReliefError(f"{truth} is not a file; name a CSV of true pairs, such as SYNTHETIC_truth_pairs.csv")
    with open_warehouse(home, read_only=True) as connection:
        try:
            _prepare(connection, truth)
            build = last_build(connection)
            weights = used_by(from_text(build.inputs)) if build and build.inputs else ""
            return LinkQuality(
                _groups(connection), _lost(connection), _in_queue(connection), _bins(connection), weights
            )
        except duckdb.CatalogException:
            raise ReliefError(f"{home.warehouse} has no links of persons yet; run relief build first") from None


def _prepare(connection: "duckdb.DuckDBPyConnection", truth: Path) -> None:
    import duckdb  # noqa: PLC0415  (slow import)

    read = "read_csv($path, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    try:
        found = connection.execute(f"select * from {read} limit 0", {"path": str(truth)}).description or []
        names = {str(column[0]) for column in found}
        missing = [name for name in _REQUIRED if name not in names]
        if missing:
            raise ReliefError(f"{truth}: has no column {', '.join(missing)}")
        optional = ", ".join(
            f"coalesce(nullif({name}, ''), 'none') as {name}" if name in names else f"'not given' as {name}"
            for name in _OPTIONAL
        )
        connection.execute(
            f"create temp table listed as select {', '.join(_REQUIRED)}, {optional} from {read}", {"path": str(truth)}
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.BinderException) as error:
        raise ReliefError(f"{truth}: no CSV file of true pairs ({type(error).__name__})") from None
    connection.execute("""
        create temp table subjects as
        select distinct subject_id, subject_key from intermediate.int_criminal_history__subject_keys;
        create temp table defendants as
        select distinct staged.case_number_raw, staged.defendant_number, cases.case_defendant_key
        from staging.stg_la_court__cases as staged
        inner join intermediate.int_court__cases as cases on staged.case_number = cases.case_number
            and coalesce(staged.defendant_number, cases.defendant_number, '') = coalesce(cases.defendant_number, '');
        create temp table true_pairs as
        select distinct listed.* exclude (case_number, defendant_number), subjects.subject_key,
            coalesce(defendants.case_defendant_key, listed.case_number || ' ' || listed.defendant_number)
                as case_defendant_key
        from listed
        left join subjects on listed.subject_id = subjects.subject_id
        left join defendants on listed.case_number = defendants.case_number_raw
            and lpad(ltrim(listed.defendant_number, '0'), 2, '0') = defendants.defendant_number;
        create temp table links as
        select case_defendant_key, person_key as subject_key from intermediate.int_identity__person_links
        where person_key in (select subject_key from subjects);
        create temp table judged as
        select coalesce(true_pairs.case_defendant_key, links.case_defendant_key) as case_defendant_key,
            true_pairs.subject_key as true_subject_key, links.subject_key as linked_subject_key,
            true_pairs.subject_id is not null as is_pair,
            coalesce(true_pairs.subject_key = links.subject_key, false) as is_found,
            links.subject_key is not null and true_pairs.subject_key is distinct from links.subject_key as is_wrong,
            true_pairs.* exclude (subject_key, case_defendant_key, subject_id)
        from true_pairs
        full join links on true_pairs.case_defendant_key = links.case_defendant_key;
    """)
    # A subject without a true pair can also be linked wrongly. The subject's group then comes from the warehouse.
    else_known = {"surname_type": "'unknown'", "sex": "dim_subjects.sex_code", "race": "race_groups.race_group"}
    groups = ", ".join(
        f"coalesce(min(true_pairs.{name}), min({else_known[name]}), 'unknown') as {name}"
        if name in names
        else f"'not given' as {name}"
        for name in GROUPS
    )
    connection.execute(f"""
        create temp table of_subject as
        select subjects.subject_key, {groups}
        from (select distinct subject_key from subjects) as subjects
        left join true_pairs on subjects.subject_key = true_pairs.subject_key
        left join marts.dim_subjects on subjects.subject_key = dim_subjects.person_key
        left join reference.race_groups on upper(trim(dim_subjects.race_name)) = race_groups.race_name
        group by subjects.subject_key
    """)


def _groups(connection: "duckdb.DuckDBPyConnection") -> tuple[GroupQuality, ...]:
    counts = "count(*) filter (where is_pair), count(*) filter (where is_found), count(*) filter (where is_wrong)"
    result = [GroupQuality("all", "all", *connection.execute(f"select {counts} from judged").fetchall()[0])]
    for name in GROUPS:
        # A wrong link counts for the group of the linked subject.
        rows = connection.execute(f"""
            select case when is_wrong and not is_pair then coalesce(of_subject.{name}, 'unknown') else judged.{name} end
                as value, {counts}
            from judged left join of_subject on judged.linked_subject_key = of_subject.subject_key
            group by 1 order by 1
        """).fetchall()
        result += [GroupQuality(name, *row) for row in rows]
    return tuple(result)


def _lost(connection: "duckdb.DuckDBPyConnection") -> tuple[tuple[str, int], ...]:
    rows = connection.execute("""
        select causes || '; number in the DOJ file: ' || doj_case_number || '; CII number in court: '
            || court_cii_number, count(*)
        from judged where is_pair and not is_found group by 1 order by 2 desc, 1
    """).fetchall()
    return tuple((str(cause), int(number)) for cause, number in rows)


def _in_queue(connection: "duckdb.DuckDBPyConnection") -> int:
    row = connection.execute("""
        select count(*) from judged
        inner join marts.fct_person_reviews as pairs
            on judged.true_subject_key = pairs.subject_key and judged.case_defendant_key = pairs.case_defendant_key
        where judged.is_pair and not judged.is_found
    """).fetchone()
    return int(row[0]) if row else 0


def _bins(connection: "duckdb.DuckDBPyConnection") -> tuple[Bin, ...]:
    result: list[Bin] = []
    for group in ("all", *GROUPS):
        value = "'all'" if group == "all" else f"coalesce(of_subject.{group}, 'unknown')"
        for low, high in pairwise(BINS):
            rows = connection.execute(
                f"""
                select {value}, count(*), coalesce(sum(scored.match_probability), 0),
                    count(*) filter (where true_pairs.subject_key is not null)
                from intermediate.int_linkage__scored_pairs as scored
                left join of_subject on scored.subject_key = of_subject.subject_key
                left join true_pairs on scored.subject_key = true_pairs.subject_key
                    and scored.case_defendant_key = true_pairs.case_defendant_key
                where scored.match_probability >= $low
                    and (scored.match_probability < $high or $high = 1.0)
                group by 1 order by 1
                """,
                {"low": low, "high": high},
            ).fetchall()
            result += [Bin(group, row[0], low, high, int(row[1]), float(row[2]), int(row[3])) for row in rows]
    return tuple(result)


def show_link_quality(home: Home, truth: Path, report: Callable[[str], None]) -> LinkQuality:
    """Print precision and recall by group, lost pairs by cause, and calibration: only counts, and no person's data."""
    quality = link_quality(home, truth)
    if quality.weights:
        report(f"weights: {quality.weights}")
    report(f"{'group':<14}{'value':<18}{'pairs':>8}{'found':>8}{'wrong':>7}{'precision':>11}{'recall':>9}")
    for row in quality.groups:
        report(
            f"{row.group:<14}{row.value:<18}{row.pairs:>8}{row.found:>8}{row.wrong:>7}"
            f"{_share(row.precision):>11}{_share(row.recall):>9}"
        )
    lost = quality.groups[0].pairs - quality.groups[0].found
    report(f"lost: {lost} pairs, {quality.in_queue} of them wait for a person to look at; by cause:")
    for cause, number in quality.lost[:20]:
        report(f"{number:>8}  {cause}")
    rest = sum(number for _, number in quality.lost[20:])
    if rest:
        report(f"{rest:>8}  {len(quality.lost) - 20} other combinations of causes")
    report("calibration: match probability, pairs scored, true pairs that the model expects, true pairs")
    for each in quality.calibration:
        place = f"{each.group:<14}{each.value:<18}{each.low:>6} to {each.high:<6}"
        report(f"{place}{each.pairs:>9}{each.expected:>12.1f}{each.true:>9}")
    return quality


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.5f}"
