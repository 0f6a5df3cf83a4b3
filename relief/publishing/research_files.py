"""Files beside the research release: each table as Parquet, the codebook as Markdown and HTML, and a citation file.

They are made from the finished release, in a folder named after it. The folder is complete before the pointer moves.
"""

import hashlib
import re
import shutil
from pathlib import Path

from relief.duck import connect
from relief.publishing.codebook import as_html, as_markdown

_OWN_FOLDER = re.compile(r"research-(?P<release>[0-9]{8}T[0-9]{9}Z)(?P<part>[.]part)?")


def write_beside(release: Path, release_id: str) -> Path:
    """Write the folder of a finished research file and return it. Raises OSError when it cannot be written."""
    folder = release.with_name(f"research-{release_id}")
    part = folder.with_name(f"{folder.name}.part")
    part.mkdir(mode=0o755)
    with connect(release, read_only=True) as connection:
        (database,) = connection.execute("select current_database()").fetchone() or ("",)
        quoted = f'"{database}"'
        tables = connection.execute("select table_name from duckdb_tables() order by 1").fetchall()
        for (table,) in tables:
            target = str(part / f"{table}.parquet").replace("'", "''")
            connection.execute(f"copy {table} to '{target}' (format parquet, compression zstd)")
        info = connection.execute(
            "select notice, county, published_at, extract_as_of_date, relief_version, is_synthetic from release_info"
        ).fetchone()
        if info is None:
            raise OSError("the release has no row in release_info")
        notice, county, published_at, as_of, version, is_synthetic = info
        title = f"Relief: dismissals of past cannabis convictions, {county} County, research release {release_id}"
        title = f"SYNTHETIC DATA. {title}" if is_synthetic else title
        (part / "codebook.md").write_text(as_markdown(connection, quoted, title, notice), encoding="utf-8")
        (part / "codebook.html").write_text(as_html(connection, quoted, title, notice), encoding="utf-8")
    with release.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    (part / "CITATION.cff").write_text(
        "cff-version: 1.2.0\n"
        "message: Cite this release with its id; another release may contain other numbers.\n"
        "type: dataset\n"
        f'title: "{title}"\n'
        f'abstract: "{notice} Data as of {as_of}; made by relief {version}."\n'
        "authors:\n"
        f'  - name: "{county} County"\n'
        f'version: "{release_id}"\n'
        f"date-released: {published_at:%Y-%m-%d}\n"
        "identifiers:\n"
        "  - type: other\n"
        f'    value: "sha256:{checksum}"\n'
        f'    description: "Checksum of {release.name}"\n',
        encoding="utf-8",
    )
    for written in part.iterdir():
        written.chmod(0o644)
    part.chmod(0o755)
    part.rename(folder)
    return folder


def clear_beside(releases: Path) -> None:
    """Remove folders that failed or killed publishers left behind: partial ones, and those without a release."""
    for folder in releases.iterdir():
        ours = _OWN_FOLDER.fullmatch(folder.name)
        if ours and folder.is_dir() and not (releases / f"release-{ours['release']}.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
