"""Rewrite a PIVOT without named values, for which DuckDB would first create a type: look up and list its values.

The resulting text is checked like any other, so safety does not depend on the rewriting.
"""

from collections.abc import Callable

import duckdb
import sqlglot
from sqlglot import exp

from relief.sandbox.denied import DeniedError

# sqlglot imports more modules when it is first used. This must happen before the child can no longer open files.
sqlglot.transpile("pivot t on a in (1), b using sum(c)", read="duckdb", write="duckdb")
MAX_VALUES = 200
NAME_THEM = "name the values of the PIVOT: pivot ... on year in ('2020', '2021') using sum(...)"


def with_values(
    connection: duckdb.DuckDBPyConnection, sql: str, check: Callable[[duckdb.DuckDBPyConnection, str], None]
) -> str:
    """Return the statement with all values of each pivoted column written out.

    Raises DeniedError when the statement is more than a PIVOT, has too many values, or reads something that is refused.
    """
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except (sqlglot.errors.SqlglotError, RecursionError):
        raise DeniedError(NAME_THEM) from None
    if len(trees) != 1:
        raise DeniedError(f"write one statement; this is {len(trees)}")
    pivot = trees[0]
    if not isinstance(pivot, exp.Pivot) or pivot.args.get("unpivot"):
        raise DeniedError(NAME_THEM)
    named = []
    for column in pivot.expressions:
        if isinstance(column, exp.In):
            named.append(column)
            continue
        source = exp.select(exp.alias_(column.copy(), "v")).distinct().from_(pivot.this.copy()).order_by("v")
        if pivot.args.get("with_"):
            source.set("with_", pivot.args["with_"].copy())
        query = source.limit(MAX_VALUES + 1).sql(dialect="duckdb")
        check(connection, query)
        values = [value for (value,) in connection.execute(query).fetchall() if value is not None]
        if len(values) > MAX_VALUES:
            raise DeniedError(f"a PIVOT may have {MAX_VALUES} values; this has more: {NAME_THEM}")
        if not values:
            raise DeniedError("there is nothing to PIVOT by; the column has no value")
        named.append(exp.In(this=column.copy(), expressions=[_literal(value) for value in values]))
    pivot.set("expressions", named)
    return pivot.sql(dialect="duckdb")


def _literal(value: object) -> exp.Expression:
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, int | float):
        return exp.Literal.number(str(value))
    return exp.Literal.string(str(value))
