"""Build the documentation site with `make docs` or `python -m tools.docs_site`.

The build uses no network and opens no warehouse.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "target/site"
DBT_TARGET = ROOT / "target/dbt-docs"
# dbt's page would load this tracking script if the project's flags allowed it.
TRACKER = "//d1fc8wv8zag5ca.cloudfront.net/2.9.0/sp.js"


def main() -> None:
    """Write the pages of the site, and then add the page that dbt generates."""
    build_pages(SITE)
    write_dbt_page(SITE / "dbt/index.html", DBT_TARGET)
    print(f"Open {SITE / 'index.html'}")


def build_pages(site: Path) -> None:
    """Run MkDocs in strict mode: a broken link is an error, and so is a page that is missing from the navigation."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)]
    # Without this setting the theme prints an advertisement for another program.
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})


def write_dbt_page(page: Path, target: Path) -> None:
    """Write dbt's own documentation as one file: models, columns, tests and their dependencies.

    The catalog is empty and the data folder is new, so that the page cannot contain data from a warehouse.
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
