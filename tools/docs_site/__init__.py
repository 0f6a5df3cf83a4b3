"""Build the documentation as a site that opens from the file system: `make docs` (python -m tools.docs_site)."""
