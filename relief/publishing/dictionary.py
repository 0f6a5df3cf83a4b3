"""Read the description of each column from the YAML of models and seeds, for the data dictionary of a release."""

import re
from functools import cache

import yaml

from relief.errors import ReliefError
from relief.home import PROJECT_DIR

SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCK = re.compile(r"{%\s*docs\s+(\w+)\s*%}(.*?){%\s*enddocs\s*%}", re.DOTALL)
_NAMED = re.compile(r"""{{\s*doc\(\s*['"](\w+)['"]\s*\)\s*}}""")


@cache
def descriptions() -> dict[tuple[str, str], str]:
    """The description of each described column, by its model or seed, on one line."""
    blocks = {
        name: text.strip()
        for file in (PROJECT_DIR / "models").rglob("*.md")
        for name, text in _BLOCK.findall(file.read_text(encoding="utf-8"))
    }
    found: dict[tuple[str, str], str] = {}
    files = [file for folder in ("models", "seeds") for file in sorted((PROJECT_DIR / folder).rglob("*.yml"))]
    for file in (file for file in files if not file.name.startswith("_unit_tests")):
        try:
            document = yaml.load(file.read_text(encoding="utf-8"), Loader=SAFE) or {}  # noqa: S506  (it is the safe one)
            for node in (*document.get("models", []), *document.get("seeds", [])):
                for column in node.get("columns") or []:
                    text = _NAMED.sub(lambda match: blocks[match[1]], column.get("description", ""))
                    if text:
                        found[node["name"], column["name"]] = " ".join(text.split())
        except (yaml.YAMLError, KeyError, TypeError, AttributeError):
            raise ReliefError(f"{file.relative_to(PROJECT_DIR)} does not describe its columns; restore it") from None
    return found
