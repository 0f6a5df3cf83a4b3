"""Build the documentation site with `make docs`. Its pages can be opened as files, without a web server."""
