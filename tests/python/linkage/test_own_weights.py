"""A county's own weights for linkage, in `linkage/people.yml` of its data folder, replace those of the project."""

from pathlib import Path

import duckdb
import pytest

from relief.building import inputs
from relief.building.build import build
from relief.errors import ReliefError
from relief.home import Home
from relief.linkage.own_weights import not_used, own_files, used_by
from relief.linkage.settings import PEOPLE, load_people, load_settings, people_file
from tests.python.support.warehouse import quiet

TEXT = PEOPLE.read_text(encoding="utf-8")


def lay(folder: Path, text: str = TEXT, name: str = "people.yml") -> Path:
    path = folder / "linkage" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def made_of(folder: Path) -> inputs.Inputs:
    with duckdb.connect() as connection:
        return inputs.read_inputs(connection, Home(folder))


def test_without_it_people_are_linked_by_the_projects(tmp_path: Path) -> None:
    assert people_file(tmp_path) == PEOPLE
    assert load_people(tmp_path).model_id == load_settings(PEOPLE).model_id
    assert own_files(tmp_path) == not_used(tmp_path) == []
    assert used_by(made_of(tmp_path)) == "those of the project (linkage/people.yml)"


def test_it_stands_before_the_projects(tmp_path: Path) -> None:
    own = lay(tmp_path, TEXT.replace("  link: 0.99\n", "  link: 0.999\n"))
    settings = load_people(tmp_path)
    assert (settings.path, settings.thresholds.link) == (own, 0.999)
    assert settings.model_id != load_settings(PEOPLE).model_id
    assert {path.parent for path in settings.frequencies.values() if path} == {PEOPLE.parent}
    assert used_by(made_of(tmp_path)) == "the county's own (linkage/people.yml of the data folder)"
    assert not_used(tmp_path) == []


def test_a_build_is_stale_when_it_comes_changes_and_goes(tmp_path: Path) -> None:
    before = made_of(tmp_path)
    own = lay(tmp_path)
    first = made_of(tmp_path)
    lay(tmp_path, TEXT.replace("surname: name_frequencies.csv", "surname: ours.csv"))
    listed = lay(tmp_path, "column,value,frequency\nsurname,GARCIA,0.02\n", "ours.csv")
    second = made_of(tmp_path)
    lay(tmp_path, "column,value,frequency\nsurname,GARCIA,0.03\n", "ours.csv")
    third = made_of(tmp_path)
    own.unlink()
    listed.unlink()
    said = "the county's own weights of links changed"
    assert inputs.differences(before, first) == [f"{said} (people.yml)"]
    assert inputs.differences(first, second) == [f"{said} (ours.csv, people.yml)"]
    assert inputs.differences(second, third) == [f"{said} (ours.csv)"]
    assert inputs.differences(third, made_of(tmp_path)) == [f"{said} (ours.csv, people.yml)"]
    assert inputs.differences(before, made_of(tmp_path)) == []


WRONG = {
    "a key given twice": ("title: a\ntitle: b\n", r"people\.yml, line 2: title is there twice"),
    "one file": (TEXT.replace("files: 2", "files: 1"), r"people\.yml, line \d+: files is 2 here"),
    "no weight": (TEXT.replace(", m: 0.98,", ","), r"people\.yml, line \d+: training is missing"),
}


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG.keys())
def test_wrong_weights_stop_a_build_before_it_begins(text: str, says: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    lay(tmp_path, text)
    with pytest.raises(ReliefError, match=says):
        build(home, target="duckdb", county="LOS ANGELES", evaluated_as_of=None, report=quiet)
    assert not home.warehouse.exists()
    (line,) = not_used(tmp_path)
    assert line.startswith("the weights of links are refused, and no build begins: ")
    assert "people.yml" in made_of(tmp_path)["weights"]


def test_a_link_to_nowhere_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "linkage").mkdir()
    (tmp_path / "linkage/people.yml").symlink_to("nowhere.yml")
    with pytest.raises(ReliefError, match=r"people\.yml: cannot be read as a settings file"):
        load_people(tmp_path)
    assert made_of(tmp_path)["weights"] == {"people.yml": "cannot be read"}


def test_files_beside_it_that_nothing_reads_are_named(tmp_path: Path) -> None:
    lay(tmp_path, name="people.yaml")
    assert people_file(tmp_path) == PEOPLE
    assert not_used(tmp_path) == [
        "linkage/people.yaml is not read: the weights of links are people.yml and the lists it names"
    ]
