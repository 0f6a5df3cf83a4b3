"""What the pairs of this build were scored from: the next build scores only what is not in here."""

from relief.home import current_home
from relief.linkage.settings import load_people


def model(dbt, session):
    """The records as one table; dbt calls it."""
    dbt.config(materialized="table")
    dbt.ref("int_linkage__scored_pairs")  # the pairs come first: a build that stops between them scores too much
    records = dbt.ref("int_linkage__records")
    model_id = load_people(current_home().path).model_id
    return records.project(f"source, record_key, fingerprint, '{model_id}' as model_id")
