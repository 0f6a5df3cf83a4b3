"""Take the README's screenshots from a data folder's release: python -m tests.browser.pictures DATA_FOLDER."""

import subprocess
import sys
import tempfile
from pathlib import Path

from relief import dashboard
from relief.home import PROJECT_DIR, Home
from tests.browser.chromium import chromium, open_page, settle

PICTURES = {
    "overview": ("", 1000),
    "progress": ("progress", 1440),
    "people": ("people", 1440),
    "by_year_and_offense": ("by_year_and_offense?year_basis=conviction_year", 1440),
}


def main(home: Path) -> None:
    """Serve the data folder, open each page, and save the upper part of each as docs/images/<page>.png."""
    port = dashboard.free_port(18701)
    command = dashboard.command(PROJECT_DIR / "dashboards" / "app.py", port)
    server = subprocess.Popen(command, cwd=PROJECT_DIR, env=dashboard.environment(Home(home.resolve())))
    try:
        dashboard.wait_until_ready(server, port)
        with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as driver:
            for name, (page, height) in PICTURES.items():
                open_page(driver, f"http://{dashboard.ADDRESS}:{port}/{page}", 1280, height)
                settle(driver, "SYNTHETIC DATA")
                driver.save_screenshot(str(PROJECT_DIR / "docs" / "images" / f"{name}.png"))
    finally:
        dashboard.stop(server)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
