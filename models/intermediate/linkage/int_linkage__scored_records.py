"""The records from which the pairs of this build were scored; the next build scores only other records."""

from relief.home import current_home
from relief.linkage.settings import load_people


def model(dbt, session):
    """The records as one table; dbt calls it."""
    dbt.config(materialized="table")
    dbt.ref("int_linkage__scored_pairs")  # the pairs first: an interrupted build scores too many
    records = dbt.ref("int_linkage__records")
    model_id = load_people(current_home().path).model_id
    return records.project(f"source, record_key, fingerprint, '{model_id}' as model_id")
