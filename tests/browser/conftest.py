"""One dashboard server on a free port, and one browser, for all browser tests of a run."""

import subprocess
from collections.abc import Iterator

import pytest
from selenium import webdriver

from relief import dashboard
from relief.home import PROJECT_DIR, Home
from tests.browser.chromium import Served, chromium

FIRST_PORT = 18501


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    port = dashboard.free_port(FIRST_PORT)
    server = subprocess.Popen(
        dashboard.command(PROJECT_DIR / "dashboards" / "app.py", port),
        cwd=PROJECT_DIR,
        env=dashboard.environment(Home(home)),
        stdout=subprocess.DEVNULL,
    )
    try:
        dashboard.wait_until_ready(server, port)
        yield Served(f"http://{dashboard.ADDRESS}:{port}", home)
    finally:
        dashboard.stop(server)


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser
