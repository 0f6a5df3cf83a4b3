"""The dbt project as the mutation run sees it: sources of models and macros, rendered without starting dbt."""

import csv
import json
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jinja2
import yaml

from relief.home import PROJECT_DIR
from relief.sql_text import load_macros, macro_texts, sql_environment

# Where the rules of law live. A file added to one of these places is mutated too.
SQL_PLACES = (
    "models/intermediate/charges/*.sql",
    "models/intermediate/filing/*.sql",
    "models/intermediate/identity/int_identity__decided_links.sql",
    "models/intermediate/identity/int_identity__named_people.sql",
    "models/intermediate/offenses/*.sql",
    "models/intermediate/orders/int_orders__outcomes.sql",
    "models/intermediate/policies/*.sql",
    "models/intermediate/prosecution/*.sql",
    "models/intermediate/review/*.sql",
    "models/intermediate/statute/*.sql",
    "models/marts/core/fct_disposition_reports.sql",
    "models/marts/core/fct_person_reviews.sql",
    "models/marts/core/fct_relief_determinations.sql",
    "models/marts/core/fct_relief_challenges.sql",
    "models/marts/core/fct_relief_filings.sql",
    "models/marts/core/fct_relief_filings_by_day.sql",
    "models/marts/core/fct_relief_not_granted.sql",
    "models/marts/core/fct_review_decisions.sql",
    "models/staging/review_decisions/*.sql",
    "macros/charges.sql",
    "macros/court_layouts.sql",
    "macros/criteria.sql",
    "macros/decisions.sql",
    "macros/overdue_records.sql",
    "macros/statutes.sql",
    "macros/text_and_dates.sql",
    "macros/unknown_plants.sql",
    "macros/years_after.sql",
)
RELATION = re.compile(r'"(\w+)"\."(\w+)"\."(\w+)"')
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")


def sql_files() -> dict[str, str]:
    """Every file of SQL whose text is mutated, by its path in the project."""
    paths = {path for place in SQL_PLACES for path in PROJECT_DIR.glob(place)}
    return {path.relative_to(PROJECT_DIR).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}


def read_seed(path: str) -> list[dict[str, str]]:
    """The rows of a seed, as text."""
    with (PROJECT_DIR / path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@dataclass
class Project:
    """One build's manifest, and the texts that it was compiled from."""

    manifest: dict[str, Any]
    variables: dict[str, str]
    overrides: dict[str, str] = field(default_factory=dict)  # path -> another text
    rendered: dict[str, str] = field(default_factory=dict)  # model -> compiled SQL, once it has been asked for

    @classmethod
    def of(cls, home: Path, variables: dict[str, str]) -> "Project":
        """The project as it was built in a home."""
        return cls(json.loads((home / "target/manifest.json").read_text(encoding="utf-8")), variables)

    @cached_property
    def models(self) -> dict[str, dict[str, Any]]:
        """Models in SQL by name."""
        return {
            n["name"]: n
            for n in self.manifest["nodes"].values()
            if n["resource_type"] == "model" and n["language"] == "sql"
        }

    @cached_property
    def given(self) -> dict[str, dict[str, Any]]:
        """What models read and no mutant changes: snapshots, and models in Python."""
        return {
            n["name"]: n
            for n in self.manifest["nodes"].values()
            if n["resource_type"] == "snapshot" or (n["resource_type"] == "model" and n["language"] != "sql")
        }

    @cached_property
    def seeds(self) -> dict[str, dict[str, Any]]:
        """Seeds by name."""
        return {n["name"]: n for n in self.manifest["nodes"].values() if n["resource_type"] == "seed"}

    @cached_property
    def data_tests(self) -> list[dict[str, Any]]:
        """Every data test that stops a build."""
        return [n for n in self.manifest["nodes"].values() if n["resource_type"] == "test"]

    @cached_property
    def unit_tests(self) -> list[dict[str, Any]]:
        """dbt's unit tests."""
        return sorted(self.manifest["unit_tests"].values(), key=lambda test: test["name"])

    @cached_property
    def relations(self) -> dict[str, str]:
        """The name in the database of each model, seed and snapshot."""
        return {name: node["relation_name"] for name, node in {**self.models, **self.seeds, **self.given}.items()}

    @cached_property
    def parents(self) -> dict[str, set[str]]:
        """The models and seeds that each model reads."""
        names = {**{n["unique_id"]: n["name"] for n in self.models.values()}}
        names |= {n["unique_id"]: n["name"] for n in self.seeds.values()}
        return {
            name: {names[parent] for parent in node["depends_on"]["nodes"] if parent in names}
            for name, node in self.models.items()
        }

    @cached_property
    def order(self) -> list[str]:
        """Models, each behind those that it reads."""
        done: dict[str, None] = dict.fromkeys(self.seeds)

        def visit(name: str) -> None:
            if name not in done:
                for parent in sorted(self.parents[name]):
                    visit(parent)
                done[name] = None

        for name in sorted(self.models):
            visit(name)
        return [name for name in done if name in self.models]

    def text(self, path: str) -> str:
        """The text of a file, mutated or not."""
        return self.overrides.get(path) or (PROJECT_DIR / path).read_text(encoding="utf-8")

    def sql(self, model: str) -> str:
        """The compiled SQL of a model, from the texts of now."""
        if model not in self.rendered:
            text = self.text(self.models[model]["original_file_path"])
            self.rendered[model] = self._environment.from_string(text).render()
        return self.rendered[model]

    @cached_property
    def _environment(self) -> jinja2.Environment:
        return _environment(self)

    def with_text(self, path: str, text: str) -> "Project":
        """The same project with one file changed."""
        other = Project(self.manifest, self.variables, {**self.overrides, path: text})
        for name in ("models", "seeds", "data_tests", "unit_tests", "relations", "parents", "order"):
            other.__dict__[name] = getattr(self, name)
        if path.startswith("models/"):  # no macro has changed
            other.__dict__["_environment"] = self._environment
        return other

    def with_variables(self, variables: dict[str, str]) -> "Project":
        """The same project with other variables, as a unit test may ask."""
        return Project(self.manifest, {**self.variables, **variables}, self.overrides)

    def affected(self, path: str) -> list[str]:
        """The models whose SQL a file may change: the model itself, or all that use one of its macros."""
        if path.startswith("models/"):
            return [Path(path).stem]
        names = set(_MACRO.findall((PROJECT_DIR / path).read_text(encoding="utf-8")))
        ids = {key for key, macro in self.manifest["macros"].items() if macro["name"] in names}
        while True:  # macros that call them
            more = {k for k, m in self.manifest["macros"].items() if set(m["depends_on"]["macros"]) & ids} - ids
            if not more:
                break
            ids |= more
        return [name for name in self.order if set(self.models[name]["depends_on"]["macros"]) & ids]


@cache
def _variables() -> dict[str, Any]:
    """The variables of dbt_project.yml, which those of a build or a test replace."""
    found: dict[str, Any] = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return found


def _environment(project: Project) -> jinja2.Environment:
    """Jinja with what dbt offers to the models of this project."""
    environment = sql_environment()
    sources = {
        (node["source_name"], node["name"]): node["relation_name"] for node in project.manifest["sources"].values()
    }
    environment.globals.update(
        ref=lambda name: project.relations[name],
        source=lambda name, table: sources[name, table],
        var=lambda name: {**_variables(), **project.variables}[name],
        config=lambda **_: "",
    )
    load_macros(environment, {path: project.text(path) for path in macro_texts()})
    return environment
