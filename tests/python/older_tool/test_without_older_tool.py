"""A build without the models for the older tool (Clear My Record) gives the same answers."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from relief.home import PROJECT_DIR, Home, open_warehouse
from relief.landing.catalog import renew_views_of_a_copy
from tests.direct_build import _manifest

# Each of these models reads the older tool's models inside an `if` on the variable `older_tool`; no other model does.
SEAM = {
    "int_policies__history_convictions",
    "int_policies__history_disqualifiers",
    "int_policies__history_subjects",
    "fct_relief_determinations",
    "fct_relief_explanations",
}
ANSWERS = "select * exclude (defects) from marts.fct_relief_determinations"


def _tagged() -> set[str]:
    return {
        node["name"]
        for node in _manifest()["nodes"].values()
        if node["resource_type"] == "model" and "older_tool" in node["tags"]
    }


def test_only_the_seam_reads_the_older_tool() -> None:
    tagged = _tagged()
    readers = {
        node["name"]
        for node in _manifest()["nodes"].values()
        if node["resource_type"] == "model"
        and node["name"] not in tagged
        and tagged & {key.rsplit(".", 1)[1] for key in node["depends_on"]["nodes"]}
    }
    assert readers == SEAM


def test_what_is_dropped_is_what_the_tag_names() -> None:
    text = (PROJECT_DIR / "macros/older_tool.sql").read_text(encoding="utf-8")
    dropped = re.search(r"macro drop_older_tool.*?endmacro", text, re.DOTALL)
    assert dropped
    assert set(re.findall(r"'((?:int|fct|rpt)_\w+)'", dropped[0])) == _tagged()


@pytest.mark.full
def test_a_build_without_it_answers_the_same(ran: tuple[Home, list[str]], tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(ran[0].path, home.path, ignore=shutil.ignore_patterns("target", "logs"))
    renew_views_of_a_copy(home)
    with open_warehouse(home, read_only=True) as connection:
        before = Counter(connection.execute(ANSWERS).fetchall())
    folders = ["--profiles-dir", "profiles", "--target-path", str(tmp_path / "t"), "--log-path", str(tmp_path / "l")]
    options = ["--vars", "{older_tool: false}", "--exclude-resource-type", "unit_test"]
    environment = {"RELIEF_HOME": str(home.path), "PATH": "", "HOME": str(tmp_path)}
    command = [Path(sys.executable).with_name("dbt"), "build", *options, *folders]
    done = subprocess.run(command, cwd=PROJECT_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    with open_warehouse(home, read_only=True) as connection:
        assert Counter(connection.execute(ANSWERS).fetchall()) == before
        assert connection.execute("select 1 from marts.fct_relief_determinations where defects <> ''").fetchall() == []
        names = {name for (name,) in connection.execute("select table_name from information_schema.tables").fetchall()}
    assert not names & _tagged()
    relief = [
        sys.executable,
        "-m",
        "relief",
        "export",
        "cmr",
        "--policy",
        "la_pilot_2019",
        "--out",
        str(tmp_path / "out"),
    ]
    refused = subprocess.run(relief, cwd=PROJECT_DIR, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "left the older tool out" in refused.stderr
    assert not (tmp_path / "out").exists()
