"""Store the inputs of a warehouse written by hand as a build does, so that it counts as built from what is there."""

from pathlib import Path

from relief.building.inputs import as_text, read_inputs
from relief.duck import connect
from relief.home import Home

DELIVERY = (
    "delivery_id", "source", "table_name", "sha256", "records", "loaded", "rejected", "as_of_date", "as_of_given",
    "landed_at", "status", "superseded_by", "is_synthetic", "layout", "county_name",
)  # fmt: skip


def keep_inputs(warehouse: Path) -> None:
    """Store the inputs for every build of the warehouse."""
    with connect(warehouse) as connection:
        connection.execute("create table if not exists raw.deliveries (delivery_id varchar)")
        for column in DELIVERY:
            connection.execute(f"alter table raw.deliveries add column if not exists {column} varchar")
        inputs = as_text(read_inputs(connection, Home(warehouse.parent)))
        connection.execute("alter table meta.builds add column if not exists inputs varchar")
        connection.execute("update meta.builds set inputs = ?", [inputs])
