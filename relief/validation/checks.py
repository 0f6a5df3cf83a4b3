"""A check of a gate, and a gate with its checks, whichever file of ``expectations/`` they come from."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from relief.document_model import Text, blank_is, says
from relief.validation.results import Severity


@dataclass(frozen=True)
class Check:
    """One expectation about one table or query, with the reason why a failure stops or warns."""

    name: str
    description: str
    severity: Severity
    because: str
    unit: str
    expectation: str
    query: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suite:
    """A gate: its checks, and the table that must exist before the gate can run."""

    gate: str
    first_table: str
    otherwise: str
    checks: tuple[Check, ...]


TableNames = Annotated[tuple[Text, ...], blank_is(()), says("is a list of tables")]
