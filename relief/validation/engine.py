"""DuckDB for Great Expectations. Import this module inside functions, since Great Expectations takes seconds to import.

Great Expectations reads a result after it has closed its connection. Other databases keep the rows, but DuckDB's cursor
is the connection, so by default every expectation would raise an error. This engine fetches the rows first. The SQL
still runs in DuckDB, and only the few numbers that an expectation needs are fetched.
"""

from types import SimpleNamespace
from typing import Any, ClassVar, Literal

from duckdb_engine import Dialect
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from sqlalchemy.event import listen

from relief.duck import SET_UTC


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """A SQL engine whose results remain readable after the connection is closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set up the SQL engine and give the regex expectations DuckDB's dialect."""
        super().__init__(*args, **kwargs)
        listen(self.engine, "checkout", lambda session, *_: session.execute(SET_UTC))
        # The dialect writes a regex match as PostgreSQL's `~`. DuckDB 1.x matches the whole text with it, so the
        # patterns in our suites are anchored (^...$) and mean the same in both.
        self.dialect_module: Any = SimpleNamespace(dialect=Dialect)

    def execute_query(self, query: Any) -> Any:
        """Run a query and fetch its rows while the connection is still open."""
        with self.get_connection() as connection:
            return connection.execute(query).freeze()()

    def execute_query_in_transaction(self, query: Any) -> Any:
        """Run the query without a transaction, since the gates only read."""
        return self.execute_query(query)


class DuckDBDatasource(SQLDatasource):
    """The datasource type ``duckdb`` of Great Expectations, added with ``context.data_sources.add_duckdb``."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]
    execution_engine_override: ClassVar[Any] = DuckDBExecutionEngine
