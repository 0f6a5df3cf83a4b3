"""Linkage settings: a YAML file with the comparisons, the weight of each agreement, and the thresholds."""

import hashlib
import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    Strict,
    ValidationInfo,
    field_validator,
    model_validator,
)

from relief.document_model import (
    Entry,
    Filled,
    NotEmpty,
    Part,
    Text,
    blank_is,
    model_of,
    says,
    wrong,
    wrong_at,
    wrong_value,
)
from relief.documents import read_document
from relief.errors import ReliefError
from relief.home import PROJECT_DIR

LINKAGE_DIR = PROJECT_DIR / "linkage"
CODE_DIR = Path(__file__).resolve().parent
PEOPLE = LINKAGE_DIR / "people.yml"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_DATA = "data"  # this word means that frequencies are counted in the files
_ELSE = "ELSE"


def _sql_name(value: str) -> str:
    """Return a name that is valid in SQL and as a column's header."""
    if not _NAME.fullmatch(value):
        raise wrong_value("is letters, digits and _, a letter first")
    return value


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError
    return value


def _list_of(value: object, info: ValidationInfo) -> Path | None:
    """The file with a column's frequencies, beside the settings or in the project; None if the data give them."""
    if value == _DATA:
        return None
    for folder in (info.context["path"].parent, LINKAGE_DIR):  # type: ignore[index]
        if (folder / str(value)).is_file():
            return Path(folder / str(value))
    raise wrong(
        f"frequencies names {value}, which is neither beside the settings nor in linkage/; "
        f"or write `{_DATA}` to count them in the files"
    )


Sql = Annotated[Filled, AfterValidator(str.strip)]
Name = Annotated[Sql, AfterValidator(_sql_name)]
Share = Annotated[float, Field(gt=0, lt=1), BeforeValidator(_no_bool), says("is a number between 0 and 1")]
Count = Annotated[int, Field(ge=1), BeforeValidator(_no_bool), says("is a whole number from 1 on")]
Texts = Annotated[tuple[Entry, ...], blank_is(()), says("is a list of texts")]


class Level(Part):
    """One outcome of a comparison. `m` is its share among true pairs, `u` its share among pairs of different people."""

    noun: ClassVar[str] = "a level"
    name: Name
    when: Sql = _ELSE
    m: Share | None = None
    u: Share | None = None
    frequency_of: Annotated[Text | None, blank_is(None)] = None


class Comparison(Part):
    """One comparison. `unknown` is the SQL condition under which the two records cannot be compared."""

    noun: ClassVar[str] = "a comparison"
    name: Name
    about: Annotated[Text, blank_is("")] = ""
    unknown: Sql
    levels: tuple[Level, ...]

    @field_validator("levels")
    @classmethod
    def _last_holds_the_rest(cls, levels: tuple[Level, ...]) -> tuple[Level, ...]:
        if len(levels) < 2:  # noqa: PLR2004
            raise wrong_value("has at least two levels, the last one without `when`")
        last = len(levels) - 1
        wrong_at(
            ("this level is the last one and covers everything else: leave `when` out", (n, "when"))
            if n == last
            else ("when is missing; add it", (n,))
            for n, level in enumerate(levels)
            if (n == last) == ("when" in level.model_fields_set)
        )
        if len({level.name for level in levels}) < len(levels):
            raise wrong_value("gives two levels one name")
        return levels


class Candidates(Part):
    """One rule for finding candidate pairs: an SQL condition on `l` and `r`, and list columns to compare by element."""

    noun: ClassVar[str] = "a rule of candidates"
    when: Sql
    lists: Texts = ()


class Training(Part):
    """How to estimate weights that the file leaves out. Each round has a condition and uses the pairs that meet it."""

    noun: ClassVar[str] = "training"
    pairs: Count = 1_000_000
    seed: Count = 1
    rounds: Texts = ()
    sure_pairs: Texts = ()
    recall_of_sure_pairs: Annotated[
        float, Field(gt=0, le=1), BeforeValidator(_no_bool), says("is a number above 0 and up to 1")
    ] = 0.8


class Thresholds(Part):
    """Match probabilities. From `link` on, a pair is linked. From `review` on, a person should review the pair."""

    noun: ClassVar[str] = "thresholds"
    link: Share
    review: Share
    keep: Annotated[Share, Field(default_factory=lambda data: data.get("review"))]  # pairs below this are not kept

    @model_validator(mode="before")
    @classmethod
    def _keep_what_is_reviewed(cls, entry: Any) -> Any:
        is_open = isinstance(entry, dict) and entry.get("keep") is None
        return {key: value for key, value in entry.items() if key != "keep"} if is_open else entry

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.keep <= self.review <= self.link:
            raise wrong("thresholds go keep <= review <= link")
        return self


class Settings(Part):
    """A linkage model. `files` is 2 to link two files, or 1 to find duplicates in one file."""

    noun: ClassVar[str] = "the settings file"
    title: Annotated[Text, blank_is(""), Field(validate_default=True)] = ""
    source: Annotated[Text, blank_is("")] = ""
    key: Sql
    files: Annotated[Literal[1, 2], BeforeValidator(_no_bool), says("is 1 or 2")] = 2
    columns: Annotated[dict[Text, Text], blank_is({}), Field(default_factory=dict)]
    one_to_one: Annotated[bool, Strict(), says("is true or false")] = False
    match_probability: Share | None = None
    frequencies: Annotated[
        dict[Text, Annotated[Path | None, BeforeValidator(_list_of)]], blank_is({}), Field(default_factory=dict)
    ]
    comparisons: Annotated[tuple[Comparison, ...], NotEmpty]
    candidates: Annotated[tuple[Candidates, ...], NotEmpty]
    training: Training | None = None
    thresholds: Thresholds
    _path: Path = PrivateAttr()
    _model_id: str = PrivateAttr()

    @property
    def path(self) -> Path:
        """The file of the settings."""
        return self._path

    @property
    def model_id(self) -> str:
        """The id of the model. It changes with anything that may change a score, including the code of this package."""
        return self._model_id

    @field_validator("title")
    @classmethod
    def _or_that_of_the_file(cls, title: str, info: ValidationInfo) -> str:
        return title or str(info.context["path"].stem)  # type: ignore[index]

    @field_validator("comparisons")
    @classmethod
    def _names_once(cls, comparisons: tuple[Comparison, ...]) -> tuple[Comparison, ...]:
        if len({comparison.name.lower() for comparison in comparisons}) < len(comparisons):
            raise wrong_value("gives two of them one name")
        return comparisons

    @model_validator(mode="after")
    def _links_two_files_of_people(self, info: ValidationInfo) -> Self:
        if info.context["of_people"] and self.files != 2:  # type: ignore[index]  # noqa: PLR2004
            wrong_at([("files is 2 here: people of the DOJ's file are linked with the court's", ("files",))])
        return self

    @model_validator(mode="after")
    def _every_weight_is_known(self) -> Self:
        levels = [level for comparison in self.comparisons for level in comparison.levels]
        is_open = self.match_probability is None or any(level.m is None or level.u is None for level in levels)
        if self.training is None and is_open:
            raise wrong(
                "training is missing, which sets how to estimate the weights; or give m and u at every level and "
                "match_probability"
            )
        if self.training and not self.training.sure_pairs and "match_probability" not in self.model_fields_set:
            wrong_at([("training names sure_pairs, or the file a match_probability", ("training",))])
        return self

    def model_post_init(self, context: Any) -> None:
        """Store the path of the file and the id of the model."""
        self._path = context["path"]
        digest = hashlib.sha256(context["content"])
        for path in [*sorted({path for path in self.frequencies.values() if path}), *sorted(CODE_DIR.glob("*.py"))]:
            digest.update(path.read_bytes())
        self._model_id = digest.hexdigest()[:12]


def people_file(folder: Path) -> Path:
    """The weights of people: the county's own in its data folder (linkage/people.yml), or else the project's."""
    own = folder / "linkage" / PEOPLE.name
    return own if own.exists() or own.is_symlink() else PEOPLE  # a broken link is not ignored here and is refused later


def load_people(folder: Path) -> Settings:
    """The settings for linking the people of a data folder. Raises ReliefError as `load_settings` does."""
    return load_settings(people_file(folder), of_people=True)


def load_settings(path: Path, *, of_people: bool = False) -> Settings:
    """Read and check a settings file. Raises a ReliefError with the file, the line and what to write there."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReliefError(f"{path}: cannot be read as a settings file ({type(error).__name__})") from None
    document = read_document(str(path), content, hint="see linkage/people.yml for an example")
    return model_of(document, Settings, {"path": path, "content": content, "of_people": of_people})
