"""Make a Splink linker from settings and tables, and train the weights that the settings leave out."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relief.errors import ReliefError
from relief.linkage.settings import Comparison, Settings, Training
from relief.private_apis import splink_engine, splink_error

if TYPE_CHECKING:
    import duckdb
    from splink import Linker

KEY, SOURCE = "record_key", "source_dataset"


def splink_settings(settings: Settings) -> dict[str, Any]:
    """Convert the settings to Splink's format."""
    return {
        "link_type": "link_only" if settings.files == 2 else "dedupe_only",  # noqa: PLR2004
        "unique_id_column_name": KEY,
        "source_dataset_column_name": SOURCE,
        "probability_two_random_records_match": settings.match_probability or 1e-4,
        "comparisons": [_comparison(comparison) for comparison in settings.comparisons],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule.when, "arrays_to_explode": list(rule.lists) or None} for rule in settings.candidates
        ],
        "retain_matching_columns": True,  # Splink returns agreement levels only with this option
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in comparison.levels:
        document: dict[str, Any] = {"sql_condition": level.when, "label_for_charts": level.name}
        if level.m is not None:
            document |= {"m_probability": level.m, "fix_m_probability": True}
        if level.u is not None:
            document |= {"u_probability": level.u, "fix_u_probability": True}
        if level.frequency_of:
            document["tf_adjustment_column"] = level.frequency_of
        levels.append(document)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def make_linker(connection: "duckdb.DuckDBPyConnection", tables: Sequence[str], settings: Settings) -> "Linker":
    """Make a linker over tables of the connection and train it if needed. Raises ReliefError when Splink refuses."""
    from splink import DuckDBAPI, Linker, SettingsCreator  # noqa: PLC0415  (slow import)
    from sqlglot.errors import SqlglotError  # noqa: PLC0415  (slow import)

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection)
    try:
        linker = Linker(
            [api.register(table) for table in tables],
            SettingsCreator.from_path_or_dict(splink_settings(settings)),
            log_level=None,
        )
    except (splink_error(), SqlglotError, ValueError) as error:
        raise ReliefError(f"{settings.path}: {_first_line(error)}") from None
    _register_frequencies(connection, linker, tables, settings)
    if settings.training is not None:
        _train(linker, settings, settings.training)
    return linker


def reason(error: Exception) -> str:
    """The reason why the engine failed, in one line. Its text is left out if it may quote a value of a file."""
    line = str(error).partition("Error was: ")[2] or str(error)  # Splink puts its SQL before this
    line = next(iter(line.strip().splitlines()), "")[:300]
    if line.startswith(("Binder Error", "Parser Error", "Catalog Error")):
        return line
    return f"{type(error).__name__}; a value is not of the kind that the settings expect"


def _first_line(error: Exception) -> str:
    if "Error was: " in str(error):
        return reason(error)
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__


def _register_frequencies(
    connection: "duckdb.DuckDBPyConnection", linker: "Linker", tables: Sequence[str], settings: Settings
) -> None:
    """Give Splink each value's frequency, from the data or a list. Unlisted values get the list's lowest frequency."""
    api = splink_engine(linker)
    for column, path in settings.frequencies.items():
        listed_in = str(path).replace("'", "''")
        values = " union all ".join(f'select "{column}" as value from {table}' for table in tables)
        if path is None:
            sql = f"""select value as "{column}", count(*) / sum(count(*)) over () as "tf_{column}"
                      from ({values}) where value is not null group by value"""
        else:
            sql = f"""
                with listed as (
                    select "value", max(cast(frequency as double)) as frequency
                    from read_csv('{listed_in}', header = true, all_varchar = true, auto_detect = false, delim = ',',
                        quote = '"', escape = '"',
                        columns = {{'column': 'varchar', 'value': 'varchar', 'frequency': 'varchar'}})
                    where "column" = '{column}' group by "value"
                )
                select found.value as "{column}",
                    coalesce(listed.frequency, (select min(frequency) from listed)) as "tf_{column}"
                from (select distinct value from ({values}) where value is not null) as found
                left join listed on found.value = listed.value"""
        connection.execute(f'create or replace temp table "tf_of_{column}" as {sql}')
        linker.table_management.register_term_frequency_lookup(api.register(f"tf_of_{column}"), column)


def _train(linker: "Linker", settings: Settings, training: Training) -> None:
    """Estimate weights missing in the settings, without labels: u from random pairs, m by expectation maximization."""

    try:
        if training.sure_pairs and settings.match_probability is None:
            linker.training.estimate_probability_two_random_records_match(
                [*training.sure_pairs], recall=training.recall_of_sure_pairs
            )
        if any(level.u is None for comparison in settings.comparisons for level in comparison.levels):
            linker.training.estimate_u_using_random_sampling(max_pairs=training.pairs, seed=training.seed)
        for rule in training.rounds:
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule,
                estimate_without_term_frequencies=not settings.frequencies,  # much faster, and the same without them
            )
    except ArithmeticError:
        raise ReliefError(f"{settings.path}: training failed: too few records to learn weights from") from None
    except (splink_error(), ValueError) as error:
        raise ReliefError(f"{settings.path}: training failed: {_first_line(error)}") from None
