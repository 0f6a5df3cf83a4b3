"""DuckDB for Great Expectations. Importing this module imports Great Expectations (seconds): do so inside functions.

Great Expectations reads a result after it has closed the connection that made it. Other databases keep the rows;
DuckDB's cursor is the connection, so out of the box every expectation errors. This engine fetches first. The SQL still
runs in DuckDB: what is fetched is the few numbers that an expectation asks for.
"""

from types import SimpleNamespace
from typing import Any, ClassVar, Literal

from duckdb_engine import Dialect
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from sqlalchemy.event import listen

from relief.duck import SET_UTC


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """A SQL engine whose results outlive their connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Like any SQL engine, and with DuckDB's dialect made known to the regex expectations."""
        super().__init__(*args, **kwargs)
        listen(self.engine, "checkout", lambda session, *_: session.execute(SET_UTC))
        # As PostgreSQL's `~`. In DuckDB 1.x it matches the whole text, so the patterns in our suites are anchored
        # (^...$) and mean the same either way.
        self.dialect_module: Any = SimpleNamespace(dialect=Dialect)

    def execute_query(self, query: Any) -> Any:
        """Run a query and fetch its rows while the connection is still open."""
        with self.get_connection() as connection:
            return connection.execute(query).freeze()()

    def execute_query_in_transaction(self, query: Any) -> Any:
        """The gates only read, so a transaction adds nothing."""
        return self.execute_query(query)


class DuckDBDatasource(SQLDatasource):
    """Known to Great Expectations as the type ``duckdb``: ``context.data_sources.add_duckdb``."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]
    execution_engine_override: ClassVar[Any] = DuckDBExecutionEngine
