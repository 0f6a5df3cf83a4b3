"""The records whose pairs have been scored; the next build scores only records that are new or changed."""

from relief.home import current_home
from relief.linkage.settings import load_people


def model(dbt, session):
    """Return the scored records as a table; dbt calls this function."""
    dbt.config(materialized="table")
    dbt.ref("int_linkage__scored_pairs")  # the pairs first: an interrupted build scores too many
    records = dbt.ref("int_linkage__records")
    model_id = load_people(current_home().path).model_id
    return records.project(f"source, record_key, fingerprint, '{model_id}' as model_id")
