"""The weights of people that were set by hand, beside those that are learned from the records of a build."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from relief.cli.app import app
from relief.errors import ReliefError
from relief.home import Home
from relief.landing import land
from relief.linkage import learned
from relief.linkage.learned import Learned, Weight, learn, learned_weights, show_learned_weights
from relief.linkage.settings import PEOPLE, Settings, load_settings
from tests.python.support.warehouse import CMR, quiet


@pytest.fixture(scope="module", autouse=True)
def few_pairs() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learned, "PAIRS", 40_000)
        yield


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(PEOPLE)


@pytest.fixture
def memory(ran: tuple[Home, list[str]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The people and links of small synthetic extracts, for the test to change."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{ran[0].warehouse}' as warehouse (read_only)")
        for side in ("ca_doj", "la_court"):
            connection.execute(
                f"create table {side} as select * exclude (source) from warehouse.intermediate.int_linkage__records "
                f"where source = '{side}' order by record_key"
            )
        connection.execute("create table links as select * from warehouse.intermediate.int_identity__person_links")
        connection.execute("detach warehouse")
        yield connection


@pytest.fixture(scope="module")
def found(ran: tuple[Home, list[str]]) -> Learned:
    return learned_weights(ran[0])


def of(found: Learned, comparison: str, level: str) -> Weight:
    (weight,) = (each for each in found.weights if (each.comparison, each.level) == (comparison, level))
    return weight


def test_every_level_of_the_settings_has_its_weight_by_hand(found: Learned, settings: Settings) -> None:
    by_hand = [(c.name, level.name, level.m, level.u) for c in settings.comparisons for level in c.levels]
    assert [(each.comparison, each.level, each.m, each.u) for each in found.weights] == by_hand


def test_what_agrees_among_true_pairs_and_seldom_among_others_is_learned(found: Learned) -> None:
    for comparison in ("surname", "given_name", "birth_date"):
        same, differs = of(found, comparison, "same"), of(found, comparison, "differs")
        assert same.learned_m is not None
        assert same.learned_m > 0.8
        assert differs.learned_u is not None
        assert differs.learned_u > 0.9
        assert same.learned is not None
        assert same.learned > 5
    assert 0.5 < (of(found, "sex", "same").learned_u or 0) < 0.9
    # Pairs of different people share no number, and what is rarer than the sample shows is not learned.
    assert of(found, "cii", "same").learned_u is None
    assert of(found, "cii", "same").learned == pytest.approx(of(found, "cii", "same").by_hand, abs=1)


def test_the_same_records_give_the_same_table(
    found: Learned, memory: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    assert learn(memory, settings) == found


def test_a_weight_by_hand_that_the_records_contradict_is_marked(
    found: Learned, memory: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    """A third of the defendants get the other sex: a differing sex then says little, and by hand it says much."""
    before = of(found, "sex", "differs")
    assert (before.learned_m, before.is_marked) == (0, False)
    memory.execute("""
        update la_court set sex_code = case sex_code when 'M' then 'F' else 'M' end
        where hash(record_key) % 3 = 0
    """)
    after = of(learn(memory, settings), "sex", "differs")
    assert after.learned_m == pytest.approx(1 / 3, abs=0.08)
    assert after.is_marked


RATIOS = {
    "the same": (Weight("a", "b", 0.9, 0.01, 0.9, 0.01), 1, False),
    "four times": (Weight("a", "b", 0.8, 0.1, 0.8, 0.025), 4, False),
    "more than four times": (Weight("a", "b", 0.8, 0.1, 0.8, 0.02), 5, True),
    "less than a quarter": (Weight("a", "b", 0.8, 0.1, 0.16, 0.1), 0.2, True),
    "u too rare to be learned": (Weight("a", "b", 0.8, 0.1, 0.4, None), 0.5, False),
    "m never seen": (Weight("a", "b", 0.8, 0.1, 0.0, 0.1), None, False),
    "no weight by hand": (Weight("a", "b", None, 0.1, 0.8, 0.1), None, False),
    "nothing learned": (Weight("a", "b", 0.8, 0.1, None, None), None, False),
}


@pytest.mark.parametrize(("weight", "ratio", "is_marked"), RATIOS.values(), ids=RATIOS.keys())
def test_the_ratio_is_that_of_the_weights(weight: Weight, ratio: float | None, is_marked: bool) -> None:
    assert weight.ratio == (None if ratio is None else pytest.approx(ratio))
    assert weight.is_marked is is_marked


def test_the_table_is_printed_without_truth_and_names_what_it_rests_on(
    ran: tuple[Home, list[str]], found: Learned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learned, "learned_weights", lambda _home: found)
    monkeypatch.setenv("RELIEF_HOME", str(ran[0].path))
    done = CliRunner().invoke(app, ["link-quality"])
    assert done.exit_code == 0, done.exception
    lines: list[str] = []
    show_learned_weights(ran[0], lines.append)
    assert done.output.splitlines() == lines
    marked = sum(line.endswith("  *") for line in lines)
    assert f"* {marked} of {len(found.weights)} weights differ by more than a factor of 4" in lines
    assert f"of {found.random_pairs:,} random pairs that are not linked" in "\n".join(lines)
    assert max(map(len, lines)) <= 120


def test_without_a_build_one_line_says_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(ReliefError, match="there is no warehouse"):
        learned_weights(home)
    land(home, "ca_doj", [CMR / "configurable/input.csv"], date(2019, 11, 11), None, quiet)
    with pytest.raises(ReliefError, match=r"has no links of persons yet; run relief build first$"):
        learned_weights(home)


@pytest.mark.parametrize(("side", "words"), [("ca_doj", "DOJ's"), ("la_court", "court's")])
def test_without_one_side_nothing_is_learned(
    side: str, words: str, memory: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    memory.execute(f"delete from {side}")
    with pytest.raises(ReliefError, match=rf"^no weights can be learned: .* no people of the {words} file$"):
        learn(memory, settings)


def test_people_who_share_nothing_teach_nothing(memory: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    memory.execute("update la_court set birth_date = '1800-01-01'")
    with pytest.raises(ReliefError, match=r"^no weights can be learned: no two people"):
        learn(memory, settings)


def test_a_round_without_pairs_is_left_out(memory: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """A county's court may know no CII numbers."""
    memory.execute("update la_court set cii_numbers = null")
    found = learn(memory, settings)
    assert found.rounds[2][1] == 0
    assert of(found, "surname", "same").learned_m is not None
    assert of(found, "cii", "same").learned_m is None
