"""Draw docs/images/linkage_weights.png: Splink's own chart of the weights in linkage/people.yml.

python -m scripts.draw_linkage_weights
"""

import tempfile
import time
from pathlib import Path

from relief.duck import connect
from relief.home import PROJECT_DIR
from relief.linkage.model import KEY, make_linker
from relief.linkage.settings import PEOPLE, load_settings
from tests.browser.chromium import chromium

OUT = PROJECT_DIR / "docs" / "images" / "linkage_weights.png"
TEXTS = ("surname", "given_name", "name_suffix", "birth_date", "sex_code")
LISTS = (
    "surnames", "given_forms", "middle_names", "birth_dates", "swapped_birth_dates", "partial_birth_dates",
    "birth_months", "birth_years", "cii_numbers", "case_numbers", "case_cores", "conviction_marks",
)  # fmt: skip


def main() -> None:
    """Return two empty tables: Splink's model needs tables, but the weights do not depend on their rows."""
    columns = ", ".join([f"{KEY} varchar", *(f"{name} varchar" for name in TEXTS), *(f"{n} varchar[]" for n in LISTS)])
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        for table in ("ca_doj", "la_court"):
            connection.execute(f"create table {table} ({columns})")
        chart = make_linker(
            connection, ("ca_doj", "la_court"), load_settings(PEOPLE)
        ).visualisations.match_weights_chart()
        page = Path(folder) / "weights.html"
        page.write_text(chart.to_html(inline=True), encoding="utf-8")
        with chromium(Path(folder) / "profile") as driver:
            metrics = {"width": 680, "height": 660, "deviceScaleFactor": 1, "mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            driver.get(page.as_uri())
            time.sleep(3)  # the page draws the chart only after it has loaded
            driver.save_screenshot(str(OUT))


if __name__ == "__main__":
    main()
