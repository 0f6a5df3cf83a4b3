# The commands of the house. `make run` and `make test` do all the set-up on a fresh machine.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/.installed
SCALE ?= 1.0
PORT ?= 8501
# Two test files at a time; files that share what was built for them stay together (tests/conftest.py).
JOBS ?= 2
PARALLEL := -n $(JOBS) --dist loadfile
# Every time the same order and the same examples; without it both are drawn anew, and the seed is printed.
REPEATABLE := -p no:randomly --hypothesis-profile=ci
# The longest tests first, and homes that are built for answers without dbt (tests/conftest.py).
QUICK := --quick-builds --no-loadscope-reorder

.PHONY: help setup chromium run test test-full mutants lint bench docs lock clean

help:  ## Show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP)  ## Create .venv from the hashed lock; the command is .venv/bin/relief

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "relief needs Python 3.11 or newer: make setup PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

chromium:  ## Install Debian's Chromium where it is missing (for the tests that open a page)
	@sh scripts/install_chromium.sh

run: setup  ## The main job on SYNTHETIC Los Angeles extracts, then the dashboard on 127.0.0.1 until stopped
	$(BIN)/relief run --scale $(SCALE)
	$(BIN)/relief dashboard --port $(PORT)

test: setup chromium  ## All tests but the long suites (about 20 minutes on 2 cores)
	$(BIN)/python -m pytest $(PARALLEL) $(REPEATABLE) $(QUICK) -m "not full"

test-full: setup chromium lint  ## Every test and every check
	$(BIN)/python -m pytest $(PARALLEL)

mutants: setup  ## Change every rule, threshold and comparison a little and see a test fail; lists what survives
	$(BIN)/python -m tests.mutation

lint: setup  ## Python and SQL style, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tools.lint_sql

bench: setup  ## Time landing and the whole job, and print the truth table (nothing is asserted)
	$(BIN)/python -m benchmarks

docs: setup  ## The documentation as a site for the file system: target/site/index.html
	$(BIN)/python -m tools.docs_site

lock:  ## Compile the hashed locks anew (needs uv)
	uv pip compile --generate-hashes --no-emit-index-url --no-strip-extras --no-annotate --python-version 3.11 --quiet requirements/main.in -o requirements/main.txt
	uv pip compile --generate-hashes --no-emit-index-url --no-strip-extras --no-annotate --python-version 3.11 --quiet -c requirements/main.txt requirements/dev.in -o requirements/dev.txt

clean:  ## Remove what was built (never the data)
	rm -rf .venv target logs .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info
