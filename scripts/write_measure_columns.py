"""Write the names and columns of the measures from the seed relief_measures: `python scripts/write_measure_columns.py`.

This writes the list in macros/measures.sql and the properties of the models that have three columns for each measure.
A test checks that they agree with the seed.
"""

import csv
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MACRO = ROOT / "macros/measures.sql"
TWIN = "__overdue_left_out"  # as in macros/overdue_records.sql
_LIST = re.compile(r"(macro measure_names\(\) -%\}\n    \{\{ return\(\[\n).*?(    \]\) \}\})", re.DOTALL)
_MODELS = "models/intermediate"
_ABOUT = {
    "policies/int_policies__bounds": """
      One row per evaluated conviction: three columns for each measure that rules of policies compare. Key:
      conviction_key. Nuance: a measure whose value is known has equal bounds; NULL is no bound; yes is 1 and no is 0.
      All three columns are NULL where the conviction has no such measure: a conviction of the court's file has no
      history, and a charge that is only related to cannabis has one measure.""",
    "policies/int_policies__office_measures": """
      One row per evaluated cannabis conviction: three columns for each measure that only the policies of the District
      Attorney's office use. Key: conviction_key. Nuance: with no felony at all, the number of years since the latest
      one is infinite; a conviction of unknown level may be a felony.""",
    "policies/int_policies__overdue_measures": """
      One row per evaluated conviction of a person with a record that had to be destroyed, or may have had to be: three
      columns for each measure of the person's record without such records (H&S 11361.5, 11361.7). Key: conviction_key.
      Nuance: for everybody else, the measure itself is used (int_policies__bounds).""",
    "statute/int_statute__measures": """
      One row per conviction of int_statute__convictions: three columns for each measure of the statute. Key:
      conviction_key. Nuance: facts that no extract ever contains are always unknown, and each rule that presumes them
      names its legal source.""",
}
_TESTS = {
    "policies/int_policies__bounds": """
    access: protected
    data_tests:
      - primary_key: {arguments: {columns: [conviction_key]}}"""
}
_HEADER = "# Written from the seed relief_measures by scripts/write_measure_columns.py.\nversion: 2\n\nmodels:\n"


def written() -> dict[Path, str]:
    """Each file that this script writes, with its text."""
    titles = {row["measure"]: row["title"] for row in _seed()}
    names = "".join(f"        '{name}',\n" for name in titles)
    files = {MACRO: _LIST.sub(lambda found: f"{found[1]}{names}{found[2]}", MACRO.read_text(encoding="utf-8"))}
    for folder in ("policies", "statute"):
        models = [model for model in _ABOUT if model.startswith(folder)]
        text = _HEADER + "".join(_model(model, titles) for model in models)
        files[ROOT / _MODELS / folder / f"_{folder}_measures__models.yml"] = text
    return files


def _model(model: str, titles: dict[str, str]) -> str:
    name = model.rpartition("/")[2]
    lines = [
        f"  - name: {name}\n    description: >{_ABOUT[model]}{_TESTS.get(model, '')}\n    columns:",
        "      - {name: conviction_key, description: \"{{ doc('conviction_key') }}\"}",
    ]
    if name == "int_policies__bounds":
        lines.append('      - {name: conviction_no, description: "A number for the conviction, shorter than its key."}')
    for measure in _measures_of(model, titles):
        title = titles[measure].replace('"', "'")
        for column, about in (
            ("lower_bound", "the lowest possible value; NULL where there is no bound."),
            ("upper_bound", "the highest possible value; NULL where there is no bound."),
            ("facts", "the missing facts because of which the bounds differ, one bit each."),
        ):
            lines.append(f'      - {{name: {measure}__{column}, description: "{title}: {about}"}}')
    return "\n".join(lines) + "\n"


def _measures_of(model: str, titles: dict[str, str]) -> list[str]:
    """The measures that the text of a model names; the model of all measures has each."""
    if model.endswith("__bounds"):
        return list(titles)
    sql = (ROOT / _MODELS / f"{model}.sql").read_text(encoding="utf-8")
    suffix = TWIN if model.endswith("overdue_measures") else ""
    return [name for name in titles if name.endswith(suffix) and f"'{name.removesuffix(suffix)}'" in sql]


def _seed() -> list[dict[str, str]]:
    with (ROOT / "seeds/law/relief_measures.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
