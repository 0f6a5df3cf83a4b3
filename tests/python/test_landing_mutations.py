"""DOJ files damaged at random: every record is loaded or rejected, or the file is refused and leaves nothing."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relief.errors import ReliefError
from relief.landing import LandResult, container
from tests.python.landing_files import Desk
from tests.python.landing_mutations import is_header, mutants, records_in

BLOCKS = st.sampled_from([997, 50_000, container.BLOCK_BYTES])
DELIVERED = "select count(*), coalesce(sum(loaded), 0) from raw.deliveries"


def options(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


def check_count(result: LandResult, data: bytes) -> None:
    expected = records_in(data)
    first = next(record for record in expected if record.strip())
    assert result.records == len(expected) - is_header(first)
    assert result.records == result.loaded + result.rejected


def check_landing(desk: Desk, data: bytes, packed: bytes) -> None:
    """Dry and wet alike; what is refused leaves the home as it was, what is landed is there once."""
    path = desk.put("extract.csv", packed)
    before = desk.rows(DELIVERED) if desk.home.warehouse.exists() else [(0, 0)]
    try:
        (dry,) = desk.land(path, dry_run=True)
    except ReliefError as error:
        with pytest.raises(ReliefError) as raised:
            desk.land(path)
        assert str(raised.value) == str(error)
        assert desk.rows(DELIVERED) == before
        assert not list(desk.home.landing.rglob(".incoming*"))
        return
    (result,) = desk.land(path)
    assert result == dry
    check_count(result, data)
    kept = desk.rows("select count(*) from raw.rejects where delivery_id = ?", result.delivery_id)
    rows = desk.rows(
        "select count(*), count(distinct row_no) from raw.ca_doj where delivery_id = ?", result.delivery_id
    )
    assert (kept, rows) == ([(result.rejected,)], [(result.loaded, result.loaded)])


@given(mutant=mutants, block=BLOCKS)
@options(25)
def test_a_damaged_doj_file_is_landed_whole_or_refused_whole(mutant, block):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(container, "BLOCK_BYTES", block)
        check_landing(Desk(Path(folder)), *mutant)


@given(mutant=mutants, block=BLOCKS)
@options(150)
def test_a_damaged_doj_file_is_the_sum_of_its_records(mutant, block):
    check_reading(mutant, block)


@pytest.mark.full
@given(mutant=mutants, block=BLOCKS)
@options(100)
def test_many_damaged_doj_files_are_landed_whole_or_refused_whole(mutant, block):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(container, "BLOCK_BYTES", block)
        check_landing(Desk(Path(folder)), *mutant)


@pytest.mark.full
@given(mutant=mutants, block=BLOCKS)
@options(2000)
def test_thousands_of_damaged_doj_files_are_the_sum_of_their_records(mutant, block):
    check_reading(mutant, block)


def check_reading(mutant: tuple[bytes, bytes], block: int) -> None:
    data, packed = mutant
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(container, "BLOCK_BYTES", block)
        desk = Desk(Path(folder))
        try:
            (result,) = desk.land(desk.put("extract.csv", packed), dry_run=True)
        except ReliefError:
            return
        check_count(result, data)
