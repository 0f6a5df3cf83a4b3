"""Write an answer as a Parquet file. The parent opens the file, since the child cannot open any."""

import os
from collections.abc import Mapping

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from relief.sandbox.denied import DeniedError

BATCH = 10_000


def write_parquet(cursor: duckdb.DuckDBPyConnection, descriptor: int, notes: Mapping[str, str], most: int) -> int:
    """Write the rows of an executed query, with the notes as metadata of the file. Return the number of rows.

    Raises DeniedError when there are more rows than `most`, because a truncated file would look complete, or when
    Parquet lacks the type of a column.
    """
    rows = 0
    try:
        reader = cursor.to_arrow_reader(BATCH)
        schema = reader.schema.with_metadata({**(reader.schema.metadata or {}), **notes})
        with (
            os.fdopen(descriptor, "wb", closefd=False) as file,
            pq.ParquetWriter(file, schema, compression="zstd") as out,
        ):
            for batch in reader:
                rows += batch.num_rows
                if rows > most:
                    raise DeniedError(f"the answer has more than {most:,} rows; aggregate or filter first")
                out.write_batch(batch.replace_schema_metadata(schema.metadata))
    except pa.ArrowMemoryError:
        raise MemoryError from None
    except (pa.ArrowException, NotImplementedError):
        raise DeniedError("a column has a type that Parquet does not have; cast it to varchar") from None
    except OSError as error:
        raise DeniedError(f"the file cannot be written ({error.strerror}); it may have at most 1 GB") from None
    return rows
