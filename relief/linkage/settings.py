"""Linkage settings: a YAML file that says what is compared, what each agreement weighs, and where to draw the lines."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relief.documents import read_yaml
from relief.errors import ReliefError
from relief.home import PROJECT_DIR

LINKAGE_DIR = PROJECT_DIR / "linkage"
CODE_DIR = Path(__file__).resolve().parent
PEOPLE = LINKAGE_DIR / "people.yml"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_KEYS = {
    "title", "source", "key", "files", "columns", "one_to_one", "match_probability", "frequencies", "comparisons",
    "candidates", "training", "thresholds",
}  # fmt: skip
_LEVEL_KEYS = {"name", "when", "m", "u", "frequency_of"}
_TRAINING_KEYS = {"pairs", "seed", "rounds", "sure_pairs", "recall_of_sure_pairs"}


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison. `m`: its share among true pairs, `u`: among pairs of different people."""

    name: str
    when: str
    m: float | None
    u: float | None
    frequency_of: str | None


@dataclass(frozen=True)
class Comparison:
    """One thing that is compared; `unknown` is the SQL condition under which it says nothing."""

    name: str
    about: str
    unknown: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Candidates:
    """One rule by which pairs are found: an SQL condition on `l` and `r`, and the list columns it takes apart."""

    when: str
    lists: tuple[str, ...]


@dataclass(frozen=True)
class Training:
    """How weights that the file leaves out are estimated: each round fixes what its condition makes equal."""

    pairs: float
    seed: int
    rounds: tuple[str, ...]
    sure_pairs: tuple[str, ...]
    recall_of_sure_pairs: float


@dataclass(frozen=True)
class Thresholds:
    """Match probabilities: from `link` on a pair is linked, from `review` on a person should look at it."""

    link: float
    review: float
    keep: float


@dataclass(frozen=True)
class Settings:
    """A linkage model. `files` is 2 (link two files) or 1 (find the same record again in one file)."""

    path: Path
    title: str
    source: str
    key: str
    files: int
    columns: dict[str, str]
    one_to_one: bool
    match_probability: float | None
    frequencies: dict[str, Path | None]
    comparisons: tuple[Comparison, ...]
    candidates: tuple[Candidates, ...]
    training: Training | None
    thresholds: Thresholds
    model_id: str


def people_file(folder: Path) -> Path:
    """The weights of people: the county's own in its data folder (linkage/people.yml), else those of the project."""
    own = folder / "linkage" / PEOPLE.name
    return own if own.exists() else PEOPLE


def load_settings(path: Path) -> Settings:
    """Read and check a settings file. Raises ReliefError that names the file, the place and what it should be."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReliefError(f"{path}: cannot be read as a settings file ({type(error).__name__})") from None
    document = read_yaml(str(path), text, hint="see linkage/people.yml for an example")
    return _Reader(path, document, text).settings()


class _Reader:
    """Reads one document; every complaint names the file and the place in it."""

    def __init__(self, path: Path, document: Any, text: str) -> None:
        self.path, self.text = path, text
        if not isinstance(document, dict):
            raise ReliefError(f"{path}: a settings file is a mapping; see linkage/people.yml")
        self.document: dict[str, Any] = document
        self._known(document, _KEYS, "the file")

    def settings(self) -> Settings:
        document = self.document
        files = document.get("files", 2)
        if files not in (1, 2) or isinstance(files, bool):
            raise self._wrong("files", "is 1 or 2")
        frequencies = {
            str(column): None if name == "data" else self._beside(str(name))
            for column, name in self._mapping(document.get("frequencies") or {}, "frequencies").items()
        }
        training = document.get("training")
        comparisons = tuple(self._comparison(item) for item in self._list("comparisons"))
        if len({comparison.name.lower() for comparison in comparisons}) < len(comparisons):
            raise self._wrong("comparisons", "gives two of them one name")
        if not isinstance(document.get("one_to_one", False), bool):
            raise self._wrong("one_to_one", "is true or false")
        result = Settings(
            path=self.path,
            title=str(document.get("title") or self.path.stem),
            source=str(document.get("source") or ""),
            key=self._text(document, "key", "the file"),
            files=files,
            columns={str(k): str(v) for k, v in self._mapping(document.get("columns") or {}, "columns").items()},
            one_to_one=document.get("one_to_one", False),
            match_probability=self._share(document, "match_probability", "the file", optional=True),
            frequencies=frequencies,
            comparisons=comparisons,
            candidates=tuple(self._candidates(item) for item in self._list("candidates")),
            training=self._training(self._mapping(training, "training")) if training is not None else None,
            thresholds=self._thresholds(self._mapping(document.get("thresholds"), "thresholds")),
            model_id=self._model_id(frequencies),
        )
        weights = [level for comparison in comparisons for level in comparison.levels]
        if result.training is None and (
            result.match_probability is None or any(level.m is None or level.u is None for level in weights)
        ):
            raise self._wrong("training", "says how to estimate the weights; or give m and u at every level "
                              "and match_probability")  # fmt: skip
        return result

    def _model_id(self, frequencies: dict[str, Path | None]) -> str:
        """Changes with anything that may change a score, this code included: other models' pairs are scored anew."""
        digest = hashlib.sha256(self.text.encode())
        for path in [*sorted({path for path in frequencies.values() if path}), *sorted(CODE_DIR.glob("*.py"))]:
            digest.update(path.read_bytes())
        return digest.hexdigest()[:12]

    def _comparison(self, item: Any) -> Comparison:
        item = self._mapping(item, "comparisons")
        name = self._name(item, "comparisons")
        self._known(item, {"name", "about", "unknown", "levels"}, name)
        levels = item.get("levels")
        if not isinstance(levels, list) or len(levels) < 2:  # noqa: PLR2004
            raise self._wrong(name, "has at least two levels, the last one without `when`")
        read = tuple(self._level(level, name, is_last=i == len(levels) - 1) for i, level in enumerate(levels))
        if len({level.name for level in read}) < len(read):
            raise self._wrong(name, "gives two levels one name")
        return Comparison(name, str(item.get("about") or ""), self._text(item, "unknown", name), read)

    def _level(self, item: Any, comparison: str, *, is_last: bool) -> Level:
        item = self._mapping(item, comparison)
        name = self._name(item, comparison)
        place = f"{comparison}, {name}"
        self._known(item, _LEVEL_KEYS, place)
        if is_last and "when" in item:
            raise self._wrong(place, "is the last level and holds everything else: leave `when` out")
        return Level(
            name,
            "ELSE" if is_last else self._text(item, "when", place),
            self._share(item, "m", place, optional=True),
            self._share(item, "u", place, optional=True),
            str(item["frequency_of"]) if item.get("frequency_of") else None,
        )

    def _candidates(self, item: Any) -> Candidates:
        item = self._mapping(item, "candidates")
        self._known(item, {"when", "lists"}, "candidates")
        return Candidates(self._text(item, "when", "candidates"), self._texts(item, "lists", "candidates"))

    def _training(self, item: dict[str, Any]) -> Training:
        self._known(item, _TRAINING_KEYS, "training")
        sure = self._texts(item, "sure_pairs", "training")
        pairs, seed = item.get("pairs", 1e6), item.get("seed", 1)
        for key, value in (("pairs", pairs), ("seed", seed)):
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 1 or value != int(value):
                raise self._wrong(f"training, {key}", "is a whole number from 1 on")
        if not sure and "match_probability" not in self.document:
            raise self._wrong("training", "names sure_pairs, or the file a match_probability")
        recall = item.get("recall_of_sure_pairs", 0.8)
        if isinstance(recall, bool) or not isinstance(recall, int | float) or not 0 < recall <= 1:
            raise self._wrong("training, recall_of_sure_pairs", "is a number above 0 and up to 1")
        return Training(
            float(pairs),
            int(seed),
            self._texts(item, "rounds", "training"),
            sure,
            float(recall),
        )

    def _thresholds(self, item: dict[str, Any]) -> Thresholds:
        self._known(item, {"link", "review", "keep"}, "thresholds")
        link, review = self._share(item, "link", "thresholds"), self._share(item, "review", "thresholds")
        keep = self._share(item, "keep", "thresholds", optional=True)
        keep = review if keep is None else keep
        if link is None or review is None or keep is None or not keep <= review <= link:
            raise self._wrong("thresholds", "go keep <= review <= link")
        return Thresholds(link, review, keep)

    def _beside(self, name: str) -> Path:
        for folder in (self.path.parent, LINKAGE_DIR):
            if (folder / name).is_file():
                return folder / name
        raise self._wrong("frequencies", f"names {name}, which lies neither beside the settings nor in linkage/; "
                          "or write `data` to count them in the files")  # fmt: skip

    def _list(self, key: str) -> list[Any]:
        value = self.document.get(key)
        if not isinstance(value, list) or not value:
            raise self._wrong(key, "is a list of at least one")
        return value

    def _mapping(self, value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(place, "is a mapping of names to values")
        return value

    def _text(self, item: dict[str, Any], key: str, place: str) -> str:
        value = item.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(f"{place}, {key}", "is missing")
        return value.strip()

    def _texts(self, item: dict[str, Any], key: str, place: str) -> tuple[str, ...]:
        value = item.get(key) or []
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            raise self._wrong(f"{place}, {key}", "is a list of texts")
        return tuple(value)

    def _name(self, item: dict[str, Any], place: str) -> str:
        """A name that stands in SQL and at the top of a column."""
        name = self._text(item, "name", place)
        if not _NAME.fullmatch(name):
            raise self._wrong(f"{place}, name", "is letters, digits and _, a letter first")
        return name

    def _share(self, item: dict[str, Any], key: str, place: str, *, optional: bool = False) -> float | None:
        value = item.get(key)
        if value is None and optional:
            return None
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise self._wrong(f"{place}, {key}", "is a number between 0 and 1") from None
        if not 0 < number < 1:
            raise self._wrong(f"{place}, {key}", "is a number between 0 and 1")
        return number

    def _known(self, item: dict[str, Any], keys: set[str], place: str) -> None:
        unknown = sorted(str(key) for key in set(item) - keys)
        if unknown:
            raise self._wrong(place, f"has {', '.join(unknown)}; known are {', '.join(sorted(keys))}")

    def _wrong(self, place: str, what: str) -> ReliefError:
        return ReliefError(f"{self.path}: {place} {what}")
