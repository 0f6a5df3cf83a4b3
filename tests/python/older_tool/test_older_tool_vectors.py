"""The older tool's own test cases for code sections, run on the versioned lists as SQL in DuckDB."""

from collections.abc import Iterator

import duckdb
import pytest

from relief.home import PROJECT_DIR
from tests.python.support.warehouse import CMR, read_csv

VECTORS = read_csv(CMR / "code_section_vectors.csv")
LISTS = {
    "IsSuperstrike": "cmr_2019_super_strike",
    "IsPC290": "cmr_2019_pc290",
    "getMatchedCodeSection": "cmr_2019_prop_64",
    "getMatchedRelatedChargeCodeSection": "cmr_2019_related",
    "getMatched11357SubSection": "cmr_2019_11357_subdivision",
}


@pytest.fixture(scope="module")
def entries() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        seed = PROJECT_DIR / "seeds/law/offense_list_entries.csv"
        connection.execute(
            "create table entries as select * from read_csv(?, all_varchar = true, header = true)", [str(seed)]
        )
        yield connection


def answer(connection: duckdb.DuckDBPyConnection, function: str, text: str) -> str:
    """Result of the older tool's function, computed from the list's patterns: whether one matches, or a first group."""
    found = "count(*) > 0" if function.startswith("Is") else "min(trim(regexp_extract($text, pattern, 1)))"
    row = connection.execute(
        f"""
        select {found}
        from entries
        where
            list_id = $list_id
            and regexp_matches($text, pattern)
            and (companion_pattern is null or regexp_matches($text, companion_pattern))
        """,
        {"text": text, "list_id": LISTS[function]},
    ).fetchone()
    assert row
    return str(row[0]).lower() if function.startswith("Is") else row[0] or ""


def test_the_vectors_are_220_and_each_has_its_list(entries: duckdb.DuckDBPyConnection) -> None:
    assert len(VECTORS) == 220
    assert {vector["function"] for vector in VECTORS} == set(LISTS)
    lists = {name for (name,) in entries.execute("select distinct list_id from entries").fetchall()}
    assert set(LISTS.values()) <= lists


@pytest.mark.parametrize("function", LISTS)
def test_every_vector(function: str, entries: duckdb.DuckDBPyConnection) -> None:
    vectors = [vector for vector in VECTORS if vector["function"] == function]
    answers = [(vector["input"], answer(entries, function, vector["input"])) for vector in vectors]
    assert vectors
    assert answers == [(vector["input"], vector["expected"]) for vector in vectors]
