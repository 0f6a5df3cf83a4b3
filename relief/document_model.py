"""The base of the frozen pydantic models that check documents and report each mistake in plain words.

A model allows only the keys that it names. A type may set its own message for a wrong value, as in `says("is a number
up to 1")`.

"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, NoReturn, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from relief.documents import Document, Problem, refusal
from relief.text import printable

Place = tuple[str | int, ...]
_SHORT = 40
# Kinds of mistakes: the message follows the key's name, the message is a whole sentence, or the key is missing.
_NEEDS_NAME, _WHOLE, _MISSING = "says", "wrong", "missing_key"
_TYPES = {
    "string_type": "is not a text; write one, in quotes where YAML would read something else",
    "tuple_type": "is not a list; begin each entry with a dash",
    "dict_type": "is a mapping of names to values",
    "invalid_key": "has a key that is not a text",
    "string_unicode": "contains half of a character",
    "bool_type": "is true or false",
    "bool_parsing": "is true or false",
}


def wrong(text: str) -> PydanticCustomError:
    """A mistake in the value of a key, with a message that is a whole sentence."""
    return PydanticCustomError(_WHOLE, "{text}", {"text": text})


def wrong_value(text: str) -> PydanticCustomError:
    """A mistake in the value of a key, with a message to be put after the key's name: `is no day`."""
    return PydanticCustomError(_NEEDS_NAME, "{text}", {"text": text})


def wrong_at(found: Iterable[tuple[str, Place]]) -> None:
    """Raise all mistakes, each with its position inside the checked value; do nothing if there are none."""
    errors = [InitErrorDetails(type=wrong(text), loc=place, input=None) for text, place in found]
    if errors:
        raise ValidationError.from_exception_data("", errors)


def wrong_beside(error: ValidationError, found: Iterable[tuple[str, Place]]) -> NoReturn:
    """Raise the mistakes of nested parts, which already have messages, together with other mistakes."""
    below = [
        InitErrorDetails(
            type=PydanticCustomError(each["type"], "{text}", {"text": each["msg"]}), loc=each["loc"], input=None
        )
        for each in error.errors()
    ]
    beside = [InitErrorDetails(type=wrong(text), loc=place, input=None) for text, place in found]
    raise ValidationError.from_exception_data("", below + beside) from None


def says(text: str) -> WrapValidator:
    """Give a type its message for a wrong value. It replaces the message of pydantic, but not one set by a part."""

    def check(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError as error:
            first = error.errors()[0]
            if first["type"] in {_WHOLE, _NEEDS_NAME, _MISSING}:
                raise
            raise ValidationError.from_exception_data(
                "", [InitErrorDetails(type=wrong_value(text), loc=first["loc"], input=None)]
            ) from None

    return WrapValidator(check)


def one_of(choices: Collection[str]) -> AfterValidator:
    """Require that a value of the type is on the list."""

    def check(value: str) -> str:
        if value not in choices:
            raise wrong_value(f"{short(value)} is none of: {', '.join(filter(None, choices))}")
        return value

    return AfterValidator(check)


def blank_is(default: Any) -> BeforeValidator:
    """Give a type the default for a key that is written without a value."""
    return BeforeValidator(lambda value: default if value is None or value == "" else value)


def short(value: object) -> str:
    """Shorten and quote a value of a document for a message."""
    return repr(_cut(str(value)))


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 3] + "..."


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, str | int | float | date) else value


def _as_words(value: object) -> object:
    return value if isinstance(value, bool) else _as_text(value)


def _filled(value: str) -> str:
    if not value.strip():
        raise wrong_value("is empty; fill it in")
    return value


def _not_empty(value: Any) -> Any:
    if not value:
        raise wrong_value("is empty; add one at least")
    return value


Text = Annotated[str, BeforeValidator(_as_text)]  # accepts a text that YAML has read as a number, boolean or date
Filled = Annotated[str, AfterValidator(_filled)]
FilledText = Annotated[str, AfterValidator(_filled), BeforeValidator(_as_words)]  # refuses a boolean
OneLine = Annotated[FilledText, AfterValidator(lambda value: " ".join(value.split()))]
Entry = Annotated[str, StringConstraints(pattern=r"\S")]  # a text in a list; the list's `says` has the message
NotEmpty = AfterValidator(_not_empty)  # for lists and mappings; a minimum length would count valid entries only


class Part(BaseModel):
    """A mapping in a document, frozen, with known keys only. In messages, `noun` and `form` describe the mapping."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    noun: ClassVar[str] = "the file"
    form: ClassVar[str] = "a mapping"

    @model_validator(mode="wrap")
    @classmethod
    def _in_words(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(value, dict):
            raise wrong(f"{cls.noun} is {cls.form} with {', '.join(cls.known_keys())}")
        try:
            return handler(value)
        except ValidationError as error:
            raise ValidationError.from_exception_data("", [cls._said(each) for each in error.errors()]) from None

    @classmethod
    def known_keys(cls) -> list[str]:
        """The keys that the part may have, as they are written in the document."""
        return [each.alias or name for name, each in cls.model_fields.items()]

    @classmethod
    def _said(cls, error: Mapping[str, Any]) -> InitErrorDetails:
        """Give a mistake its message. Mistakes of nested parts already have messages."""
        kind, place = error["type"], error["loc"]
        name = next(
            (printable(part) for part in reversed(place) if isinstance(part, str) and part != "[key]"), cls.noun
        )
        if kind in {_WHOLE, _MISSING}:
            said = PydanticCustomError(kind, "{text}", {"text": error["msg"]})
        elif kind == "missing":
            said = PydanticCustomError(_MISSING, "{text}", {"text": f"{name} is missing; add it"})
        elif kind == "extra_forbidden":
            said = wrong(f"{_cut(name)} is not known; {cls.noun} has {', '.join(cls.known_keys())}")
        elif kind == _NEEDS_NAME:
            said = wrong(f"{name} {error['msg']}")
        else:
            said = wrong(f"{name} {_TYPES.get(kind) or 'is wrong: ' + error['msg']}")
        return InitErrorDetails(type=said, loc=place, input=None)


Model = TypeVar("Model", bound=Part)


def problems_of(
    document: Document, model: type[Model], context: Mapping[str, Any] | None = None
) -> tuple[Model | None, list[Problem]]:
    """Return the document as a model, or None, and all mistakes in order of their lines."""
    found = list(document.twice)
    made = None
    try:
        made = model.model_validate(document.data, context=dict(context or {}))
    except ValidationError as error:
        found += [Problem(document.line(each["loc"]), each["msg"], each["type"] == _MISSING) for each in error.errors()]
    except RecursionError:
        found.append(Problem(1, "nested too deeply"))
    return (None if found else made), sorted(found, key=lambda problem: problem.line)


def model_of(document: Document, model: type[Model], context: Mapping[str, Any] | None = None) -> Model:
    """The document as a model. Raises ReliefError with one of its mistakes and the line.

    A missing key is reported last, because an unknown key may be a misspelling of the missing key.
    """
    made, found = problems_of(document, model, context)
    if made is None:
        raise refusal(document, min(found, key=lambda problem: (problem not in document.twice, problem.is_missing)))
    return made
