"""The steps in the life of a policy that people write: copy it to a file, edit, check, evaluate as a draft, freeze."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from relief.errors import ReliefError
from relief.home import Home, open_warehouse
from relief.policies.check import lines_of, read_policy
from relief.policies.document import Policy, copy_of, known_policy_file, shipped, to_yaml
from relief.policies.policy_model import ID
from relief.policies.store import DRAFT_SUFFIX, known_policy, prepare, save, sha256_of, write_added

if TYPE_CHECKING:
    import duckdb

LONGEST_NAME = 100


@dataclass(frozen=True)
class Approved:
    """An approved policy, with the number and sha256 of its version."""

    policy: Policy
    version_no: int
    sha256: str


def policies_folder(home: Home) -> Path:
    """The folder of the policy documents that a build evaluates."""
    return home.path / "policies"


def copy_policy(home: Home, from_id: str, to_id: str, file: Path | None) -> Path:
    """Write the document of a policy under a new id, to be edited. Raises ReliefError when this fails.

    An existing file is never overwritten, since it contains somebody's work.
    """
    if not ID.fullmatch(to_id) or to_id.endswith(DRAFT_SUFFIX):
        raise ReliefError(f"policy id {to_id!r}: use lower-case letters, digits and _, starting with a letter")
    if shipped(to_id):
        raise ReliefError(f"policy {to_id} comes with the warehouse and is frozen; choose another id")
    text = to_yaml(copy_of(known_policy(home, from_id), to_id, f"{datetime.now(UTC):%Y-%m-%d}"))
    if file is None:
        home.create()
        policies_folder(home).mkdir(mode=0o700, exist_ok=True)
    target = file or known_policy_file(policies_folder(home), to_id)
    _write_new(target, text)
    return target


def check_policy(file: Path) -> Policy:
    """The policy of a file. Raises ReliefError with a line for each mistake."""
    policy, problems = read_policy(file)
    if policy is None:
        noun = "problem" if len(problems) == 1 else "problems"
        raise ReliefError(f"{file}: {len(problems)} {noun}\n" + "\n".join(lines_of(file, problems)))
    return policy


def approve_policy(home: Home, policy_id: str, name: str, file: Path | None) -> Approved:
    """Freeze the document of a policy as a version that a named person approves.

    Raises ReliefError when the document has mistakes or is another policy's, nobody is named, these rules are already
    approved, or the version was approved with other rules.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ReliefError(f"--by: name who approves it, in 1 to {LONGEST_NAME} letters")
    path = file or known_policy_file(policies_folder(home), policy_id)
    policy = check_policy(path)
    if policy.policy_id != policy_id:
        raise ReliefError(f"{path} contains policy {policy.policy_id}, not {policy_id}; name the one that you mean")
    home.create()
    with open_warehouse(home) as connection:
        connection.begin()
        prepare(connection)
        _refuse_repeated(connection, policy)
        number = save(connection, policy, "document")
        connection.execute(
            "update raw.policy_versions set approved_by = ?, approved_at = ? where policy_id = ? and version_no = ?",
            [name, datetime.now(UTC).replace(tzinfo=None), policy_id, number],
        )
        write_added(connection)
        connection.commit()
    return Approved(policy, number, sha256_of(policy))


def keep_drafts(connection: "duckdb.DuckDBPyConnection", home: Home, report: Callable[[str], None]) -> None:
    """Store the documents of the folder as drafts for the build to evaluate. A document with mistakes is left out."""
    prepare(connection)
    found, notes = _documents(connection, home)
    for note in notes:
        report(note)
    for policy in found.values():
        if not _is_options_policy(connection, policy.policy_id):
            save(connection, policy, "document")
    # If the file of a draft is gone, the draft is withdrawn. Approved versions stay.
    connection.execute(
        "update raw.policy_versions set withdrawn_at = $now where origin = 'document' and approved_at is null "
        "and withdrawn_at is null and not list_contains($found, policy_id)",
        {"now": datetime.now(UTC).replace(tzinfo=None), "found": list(found)},
    )
    write_added(connection)


def left_out(connection: "duckdb.DuckDBPyConnection", home: Home) -> list[str]:
    """One line for each policy document in the folder that a build leaves out."""
    return _documents(connection, home)[1]


def _documents(connection: "duckdb.DuckDBPyConnection", home: Home) -> tuple[dict[str, Policy], list[str]]:
    """The policies of the folder by their id, and the reasons why the other documents are left out."""
    found: dict[str, Policy] = {}
    files: dict[str, Path] = {}
    notes = []
    folder = policies_folder(home)
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith("."):
            continue
        if path.suffix != ".yml":
            notes.append(f"{path} is left out of this build: the name of a policy's document ends in .yml")
            continue
        policy, problems = read_policy(path)
        if policy is None:
            first = f"line {problems[0].line}: {problems[0].text}"
            notes.append(f"{path} is left out of this build, {first}; see relief policy check {path}")
        elif policy.policy_id in found:
            holder = files[policy.policy_id].name
            notes.append(f"{path} is left out of this build: {holder} contains policy {policy.policy_id} too")
        else:
            found[policy.policy_id], files[policy.policy_id] = policy, path
            if _is_options_policy(connection, policy.policy_id):
                notes.append(f"{path} is left out of this build: policy {policy.policy_id} comes from an options file")
    return found, notes


def _is_options_policy(connection: "duckdb.DuckDBPyConnection", policy_id: str) -> bool:
    known = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'raw' and table_name = 'policy_versions'"
    ).fetchone()
    if not known or not known[0]:
        return False
    row = connection.execute(
        "select count(*) from raw.policy_versions where policy_id = ? and origin = 'options_file'", [policy_id]
    ).fetchone()
    return bool(row and row[0])


def _refuse_repeated(connection: "duckdb.DuckDBPyConnection", policy: Policy) -> None:
    if _is_options_policy(connection, policy.policy_id):
        raise ReliefError(f"policy {policy.policy_id} comes from an options file; choose another id")
    for sha256, by, at, text in connection.execute(
        "select sha256, approved_by, approved_at, document from raw.policy_versions "
        "where policy_id = ? and approved_at is not null order by version_no",
        [policy.policy_id],
    ).fetchall():
        if sha256 == sha256_of(policy):
            raise ReliefError(f"policy {policy.policy_id}: these rules were approved by {by} on {at:%Y-%m-%d} already")
        if f"\nversion: {policy.version}\n" in text or f"\nversion: '{policy.version}'\n" in text:
            raise ReliefError(
                f"policy {policy.policy_id}: version {policy.version} was approved by {by} on {at:%Y-%m-%d} with other "
                "rules and is frozen; write another version"
            )


def _write_new(target: Path, text: str) -> None:
    """Write the whole file or nothing, and never over another file."""
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".policy-", suffix=".part")
    except OSError as error:
        raise ReliefError(f"{target}: cannot be written: {error.strerror}; name another place") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o600)
        try:
            os.link(name, target)
        except FileExistsError:
            raise ReliefError(f"{target} exists already; edit it, or name another file") from None
        except OSError as error:
            raise ReliefError(f"{target}: cannot be written: {error.strerror}; name another place") from None
    finally:
        Path(name).unlink(missing_ok=True)
