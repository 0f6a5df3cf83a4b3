"""The named parts of the project that can be built alone (selectors.yml, dbt's own file)."""

from relief.documents import read_yaml
from relief.errors import ReliefError
from relief.home import PROJECT_DIR

FILE = "selectors.yml"


def selector_names() -> list[str]:
    """The selectors in the order of the file."""
    document = read_yaml(FILE, (PROJECT_DIR / FILE).read_bytes(), hint="restore it")
    return [selector["name"] for selector in document["selectors"]]


def check_selector(name: str) -> None:
    """Raise ReliefError unless the name is one of the selectors."""
    known = selector_names()
    if name not in known:
        raise ReliefError(f"--selector: {FILE} has no selector of that name; known are: {', '.join(known)}")
