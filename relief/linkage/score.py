"""Score the candidate pairs of two tables: either all of them, or only those with a new record."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from relief.errors import ReliefError
from relief.linkage.model import KEY, make_linker, reason
from relief.linkage.settings import Comparison, Settings
from relief.private_apis import splink_engine, splink_error

if TYPE_CHECKING:
    import duckdb
    from splink.internals.splink_dataframe import SplinkDataFrame  # only for its type

Roles = Sequence[tuple[str, str]]


def score(
    connection: "duckdb.DuckDBPyConnection", tables: Sequence[str], settings: Settings, roles: Roles | None = None
) -> None:
    """Write the table `scored`: key_l, key_r, match_weight (bits), match_probability, and a word per comparison.

    `tables` is one table to find pairs in, or two to find pairs between. Each has `record_key` and the columns that the
    settings compare. With `roles`, only pairs between named parts of the tables are scored, and the settings must
    contain all weights. A part has the columns of its table and a name that begins with the table's name. Raises
    ReliefError if a column is missing.
    """
    import duckdb  # noqa: PLC0415  (slow import)

    try:
        linker = make_linker(connection, tables, settings)
        if roles is None:
            parts = [linker.inference.predict(threshold_match_probability=settings.thresholds.keep)]
        else:
            api = splink_engine(linker)
            parts = [
                linker.inference.predict_between(
                    api.register(left),
                    api.register(right),
                    threshold_match_probability=settings.thresholds.keep,
                )
                for left, right in roles
            ]
    except (duckdb.Error, splink_error()) as error:
        raise ReliefError(f"{settings.path}: what is compared does not fit the files: {reason(error)}") from None
    union = " union all ".join(_named(part, settings) for part in parts)
    connection.execute(f"create or replace temp table scored as {union}")


def _named(part: "SplinkDataFrame", settings: Settings) -> str:
    """The SQL of the pairs of one result, with each level by its name."""
    words = ", ".join(_word(comparison) for comparison in settings.comparisons)
    return (
        f"select {KEY}_l as key_l, {KEY}_r as key_r, match_weight, match_probability, {words} from {part.physical_name}"
    )


def _word(comparison: Comparison) -> str:
    # Splink numbers the levels downwards: the first has the highest number, the last is 0, and unknown is -1.
    last = len(comparison.levels) - 1
    whens = " ".join(f"when {last - number} then '{level.name}'" for number, level in enumerate(comparison.levels))
    return f"case gamma_{comparison.name} {whens} else 'unknown' end as \"{comparison.name}\""
