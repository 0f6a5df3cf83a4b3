"""Build the site: `python -m tools.docs_site`, or `make docs`. It uses no network and opens no warehouse."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "target/site"
DBT_TARGET = ROOT / "target/dbt-docs"
# The script of a tracker, which dbt's page would load if the project's flags allowed it.
TRACKER = "//d1fc8wv8zag5ca.cloudfront.net/2.9.0/sp.js"


def main() -> None:
    """Write the pages, and then dbt's page beside them."""
    build_pages(SITE)
    write_dbt_page(SITE / "dbt/index.html", DBT_TARGET)
    print(f"Open {SITE / 'index.html'}")


def build_pages(site: Path) -> None:
    """Run MkDocs in strict mode: a broken link, or a page that is not in the navigation, is an error."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)]
    # The theme would otherwise print an advertisement for another program.
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})


def write_dbt_page(page: Path, target: Path) -> None:
    """Write dbt's own documentation as one file: models, columns, tests and their dependencies.

    The catalog stays empty and the data folder is a new one, so that nothing of a warehouse can be in the page.
    """
    home = target / "home"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / "warehouse.duckdb").unlink(missing_ok=True)
    dbt = [str(Path(sys.executable).with_name("dbt")), "--quiet", "docs", "generate", "--static", "--empty-catalog"]
    folders = ["--profiles-dir", str(ROOT / "profiles"), "--target-path", str(target), "--log-path", str(target)]
    subprocess.run([*dbt, *folders], cwd=ROOT, check=True, env={**os.environ, "RELIEF_HOME": str(home)})
    text = (target / "static_index.html").read_text(encoding="utf-8")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text.replace(TRACKER, ""), encoding="utf-8")


if __name__ == "__main__":
    main()
