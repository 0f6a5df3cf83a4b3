"""`relief policy check`: read the document of a policy and report every mistake with its line."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from relief.document_model import problems_of
from relief.documents import NoDocumentError, Problem, read_document
from relief.errors import ReliefError
from relief.policies.document import Policy
from relief.policies.policy_model import PolicyDocument

MAX_BYTES = 256_000


def read_policy(path: Path) -> tuple[Policy | None, list[Problem]]:
    """Return the policy of a file, or None and all mistakes in the file.

    Raises ReliefError when there is no such file, or it is too large or not text.
    """
    try:
        if not path.is_file():
            raise ReliefError(f"{path}: no such file; relief policy copy FROM TO writes one")
        if path.stat().st_size > MAX_BYTES:
            raise ReliefError(f"{path}: larger than {MAX_BYTES:,} bytes; a policy is a short text")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ReliefError(f"{path}: not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ReliefError(f"{path}: cannot be read: {error.strerror}") from None
    return read_text(text)


def read_text(text: str, *, is_saved: bool = False) -> tuple[Policy | None, list[Problem]]:
    """Return the policy of a document, or None and all mistakes in the document.

    A document that the warehouse has stored (`is_saved`) is not checked against today's seeds.
    """
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
                said = "an anchor, alias or tag (&, *, !) is not allowed here; write the text in quotes"
                return None, [Problem(token.start_mark.line + 1, said)]
    except yaml.YAMLError:
        pass  # if a file has mistakes, read_document reports them below
    try:
        read = read_document("policy", text, scalars="texts_or_empty", hint="")
    except NoDocumentError as error:
        return None, [Problem(error.line or 1, f"not YAML: {error.why}")]
    if read.data in (None, ""):
        return None, [Problem(1, "the file is empty; relief policy copy FROM TO writes one")]
    scope = str(read.data.get("offense_scope", "")).strip() if isinstance(read.data, dict) else ""
    policy, problems = problems_of(read, PolicyDocument, {"is_saved": is_saved, "scope": scope})
    return (policy.read() if policy else None), problems


def lines_of(path: Path, problems: list[Problem]) -> Iterator[str]:
    """Yield one line per problem: the file, the line, what is wrong and what to do."""
    for problem in problems:
        yield f"{path}:{problem.line}: {problem.text}"
