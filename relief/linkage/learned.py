"""Check the weights of people that were set by hand: learn them from the last build's records, and compare."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isqrt, log2
from typing import TYPE_CHECKING

from relief.duck import connect
from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.linkage.model import make_linker
from relief.linkage.settings import Level, Settings, Training, load_people

if TYPE_CHECKING:
    import duckdb

PAIRS = 1_000_000  # random pairs for u; most of the time goes here, 12 microseconds for each
SEED = 20200211
FEWEST = 30  # a level that fewer random pairs have is too rare for its u to be learned
FACTOR = 4.0  # a weight that differs by more than this factor is marked
_SIDES = ("ca_doj", "la_court")
# Each round of EM learns m for the comparisons that its condition does not use. The first two learn all of them.
_ROUNDS = (
    "l.birth_date = r.birth_date",
    "l.surname = r.surname and l.given_name = r.given_name",
    "l.cii_numbers[1] = r.cii_numbers[1]",
)
_NEEDED = 2
Shares = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Weight:
    """One level of a comparison: its m and u as set by hand and as learned; None where a value is not known.

    A learned m of 0 means that no true pair has the level. There is no learned weight then, because m by hand is
    larger on purpose: nothing that may happen is ruled out.
    """

    comparison: str
    level: str
    m: float | None
    u: float | None
    learned_m: float | None
    learned_u: float | None

    @property
    def by_hand(self) -> float | None:
        """The weight in bits by hand."""
        return _bits(self.m, self.u)

    @property
    def learned(self) -> float | None:
        """The weight in bits as learned. If u is too rare to be learned, it is the one set by hand."""
        return _bits(self.learned_m, self.u if self.learned_u is None else self.learned_u)

    @property
    def ratio(self) -> float | None:
        """How many times stronger the learned weight speaks for one person than the one set by hand."""
        return None if self.by_hand is None or self.learned is None else float(2 ** (self.learned - self.by_hand))

    @property
    def is_marked(self) -> bool:
        """Whether the two differ by more than FACTOR, in either direction."""
        return self.ratio is not None and not 1 / FACTOR <= self.ratio <= FACTOR


@dataclass(frozen=True)
class Learned:
    """The weights of all levels, the random pairs behind u, and the pairs of each round of EM behind m."""

    weights: tuple[Weight, ...]
    random_pairs: int
    rounds: tuple[tuple[str, int], ...]


def learned_weights(home: Home) -> Learned:
    """Learn m and u from the records of the last build and set them beside the weights of the settings in use.

    The same records give the same result. Nothing is changed. Raises ReliefError when there is no build, when one of
    the two files has no people, or when too few records agree.
    """
    import duckdb  # noqa: PLC0415  (slow import)

    settings = load_people(home.path)
    with connect() as memory:
        with open_warehouse(home, read_only=True) as connection:
            try:
                _copy(connection, memory)
            except duckdb.CatalogException:
                raise ReliefError(f"{home.warehouse} has no links of persons yet; run relief build first") from None
        return learn(memory, settings)


def learn(memory: "duckdb.DuckDBPyConnection", settings: Settings) -> Learned:
    """Learn from the tables ca_doj and la_court (records) and links of a database in memory. Raises as above."""
    for side, words in zip(_SIDES, ("DOJ's", "court's"), strict=True):
        if not _count(memory, f"select count(*) from {side}"):
            raise ReliefError(f"no weights can be learned: the last build has no people of the {words} file")
    rounds = tuple(
        (rule, _count(memory, f"select count(*) from ca_doj as l inner join la_court as r on {rule}"))
        for rule in _ROUNDS
    )
    if not all(pairs for _, pairs in rounds[:_NEEDED]):
        raise ReliefError(
            "no weights can be learned: no two people of the two files have one birth date, or none have one name"
        )
    random_pairs, shares = _random_shares(memory, settings)
    learned = _learned_m(memory, settings, shares, tuple(rule for rule, pairs in rounds if pairs))
    most = max(pairs for _, pairs in rounds)
    weights = tuple(
        Weight(
            comparison.name,
            level.name,
            level.m,
            level.u,
            _seen(learned.get((comparison.name, level.name)), most),
            shares.get((comparison.name, level.name)),
        )
        for comparison in settings.comparisons
        for level in comparison.levels
    )
    return Learned(weights, random_pairs, rounds)


def show_learned_weights(home: Home, report: Callable[[str], None]) -> Learned:
    """Print the weights by hand and as learned, and mark those that differ much. Only numbers, and no person's data."""
    found = learned_weights(home)
    report("weights by hand, and as EM learns them from the records of the last build (advice: nothing is changed)")
    heads = f"{'m':>8}{'learned':>10}{'u':>10}{'learned':>10}{'bits':>7}{'learned':>9}{'ratio':>9}"
    report(f"{'comparison':<13}{'level':<28}{heads}")
    for weight in found.weights:
        mark = "  *" if weight.is_marked else ""
        report(
            f"{weight.comparison:<13}{weight.level:<28}{_share(weight.m):>8}{_share(weight.learned_m):>10}"
            f"{_share(weight.u):>10}{_share(weight.learned_u):>10}{_one_place(weight.by_hand):>7}"
            f"{_one_place(weight.learned):>9}{_share(weight.ratio):>9}{mark}"
        )
    marked = sum(weight.is_marked for weight in found.weights)
    report(f"* {marked} of {len(found.weights)} weights differ by more than a factor of {FACTOR:g}")
    report(
        f"learned u: of {found.random_pairs:,} random pairs that are not linked; - where fewer than {FEWEST} have the "
        "level, so that u by hand counts"
    )
    report("learned m: 0 where no true pair has the level, - where no pair has it; from the pairs of each round of EM:")
    for rule, pairs in found.rounds:
        report(f"{pairs:>9,}  {rule}")
    return found


def _copy(connection: "duckdb.DuckDBPyConnection", memory: "duckdb.DuckDBPyConnection") -> None:
    """Copy the records of both sides to memory, with the order in which they are drawn, and who is linked to whom."""
    links = connection.execute(
        "select case_defendant_key, person_key from intermediate.int_identity__person_links"
    ).to_arrow_table()
    records = connection.execute("select * from intermediate.int_linkage__records order by record_key").to_arrow_table()
    memory.register("copied_links", links)
    memory.register("copied_records", records)
    memory.execute("create table links as select * from copied_links")
    for side in _SIDES:
        memory.execute(
            f"create table {side} as select * exclude (source) from copied_records where source = '{side}'"
            "order by record_key"
        )


def _random_shares(memory: "duckdb.DuckDBPyConnection", settings: Settings) -> tuple[int, Shares]:
    """The number of random pairs, and the share of each level among them, which is u.

    Records are drawn by a hash of their key, and no defendant is drawn who is linked to a subject that is drawn: the
    pairs are of different people, as far as the build knows.
    """
    most = isqrt(PAIRS)
    drawn = f"order by md5(record_key || '{SEED}'), record_key limit {most}"
    memory.execute(f"create table ca_doj_drawn as select * from ca_doj {drawn}")
    memory.execute(f"""
        create table la_court_drawn as
        select * from la_court
        where record_key not in (
            select links.case_defendant_key from links
            inner join ca_doj_drawn on links.person_key = ca_doj_drawn.record_key
        )
        {drawn}
    """)
    counts = [_count(memory, f"select count(*) from {side}_drawn") for side in _SIDES]
    pairs = counts[0] * counts[1]
    if not pairs:
        return 0, {}
    open_u = _with_levels(settings, lambda _, level: level.model_copy(update={"u": None, "frequency_of": None}))
    training = Training(pairs=2 * pairs, seed=SEED)  # more than there are, so that Splink takes every pair
    found = _trained(memory, [f"{side}_drawn" for side in _SIDES], open_u, training, "u_probability")
    return pairs, {key: share for key, share in found.items() if share * pairs >= FEWEST}


def _learned_m(
    memory: "duckdb.DuckDBPyConnection", settings: Settings, shares: Shares, rounds: tuple[str, ...]
) -> Shares:
    """m as EM learns it, with u as learned, or as set by hand where it is too rare."""

    def level_of(comparison: str, level: Level) -> Level:
        u = shares.get((comparison, level.name), level.u or 1 / PAIRS)
        return level.model_copy(update={"m": None, "u": u, "frequency_of": None})

    memory.execute("set threads = 1")  # EM adds shares, which must be added in one order
    training = Training(seed=SEED, rounds=rounds)
    return _trained(memory, _SIDES, _with_levels(settings, level_of), training, "m_probability")


def _with_levels(settings: Settings, change: Callable[[str, Level], Level]) -> Settings:
    """The settings with other levels and without frequencies of names."""
    comparisons = tuple(
        each.model_copy(update={"levels": tuple(change(each.name, level) for level in each.levels)})
        for each in settings.comparisons
    )
    return settings.model_copy(update={"comparisons": comparisons, "frequencies": {}})


def _trained(
    memory: "duckdb.DuckDBPyConnection",
    tables: "list[str] | tuple[str, ...]",
    settings: Settings,
    training: Training,
    name: str,
) -> Shares:
    """The m or u (by its name in Splink) of each level after training, to four digits; without levels never seen."""
    linker = make_linker(memory, tables, settings.model_copy(update={"training": training}))
    model = linker.misc.save_model_to_json()
    found = {}
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            share = level.get(name)
            if isinstance(share, float) and share > 0:
                found[comparison["output_column_name"], level["label_for_charts"]] = float(f"{share:.3e}")
    return found


def _count(memory: "duckdb.DuckDBPyConnection", query: str) -> int:
    row = memory.execute(query).fetchone()
    return int(row[0]) if row else 0


def _seen(m: float | None, pairs: int) -> float | None:
    """m, or 0 where not even one of the pairs is expected to have the level."""
    return m if m is None or m * pairs >= 1 else 0.0


def _bits(m: float | None, u: float | None) -> float | None:
    return log2(m / u) if m and u else None


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _one_place(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
