"""Headless Chromium for the browser tests, and functions that open a page and read it."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

WAIT_SECONDS = 40.0
BELOW_ROOT = (
    "overview",
    "progress",
    "by_year_and_offense",
    "stuck",
    "people",
    "policies",
    "ab1706",
    "trust",
    "words",
    "downloads",
    "sql",
)
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY = """
    const app = document.querySelector('[data-testid="stApp"]');
    return Boolean(app) && app.dataset.testScriptState === 'notRunning' && document.querySelector('h1') !== null
        && document.querySelector('[data-testid="stSkeleton"]') === null
"""


@dataclass(frozen=True)
class Served:
    """The address of a running dashboard and the data folder that it shows."""

    address: str
    home: Path


def program(*names: str) -> str:
    """Path of the first of these programs that is installed; an error says what to do when none is."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise RuntimeError(f"{names[0]} is not installed; run scripts/install_chromium.sh")
    return found


@contextmanager
def chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    """Start Chromium with an empty profile; it logs its console messages and all its network requests."""
    options = Options()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(program("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def open_page(driver: webdriver.Chrome, address: str, width: int = 1280, height: int = 900) -> None:
    """Open an address in a window of the given size and wait until the page is complete."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.get("about:blank")
    drain(driver)
    driver.get(address)
    settle(driver)


def settle(driver: webdriver.Chrome, expected: str = "") -> None:
    """Wait until Streamlit is idle, the expected text is on the page and the charts are drawn."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if driver.execute_script(READY) and expected in page_text(driver):
            time.sleep(0.4)
            if driver.execute_script(READY):
                return
        time.sleep(0.1)
    raise AssertionError(f"the page did not show {expected!r} within {WAIT_SECONDS:.0f} seconds")


def page_text(driver: webdriver.Chrome) -> str:
    """Return the visible text of the page."""
    return str(driver.execute_script("return document.body.innerText"))


def drain(driver: webdriver.Chrome) -> None:
    """Empty the logs of the browser."""
    driver.get_log("browser")
    driver.get_log("performance")


def console_errors(driver: webdriver.Chrome) -> list[str]:
    """Errors in the console, except for two addresses that Streamlit always tries before it finds its root."""
    entries: list[dict[str, Any]] = driver.get_log("browser")
    return [
        entry["message"]
        for entry in entries
        if entry["level"] == "SEVERE" and not any(f"/{page}/_stcore/" in entry["message"] for page in BELOW_ROOT)
    ]


def requested_hosts(driver: webdriver.Chrome) -> set[str]:
    """Every host and port to which the page has sent a request."""
    hosts: set[str] = set()
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        parameters = message.get("params", {})
        address = ""
        if message["method"] == "Network.requestWillBeSent":
            address = parameters["request"]["url"]
        elif message["method"] == "Network.webSocketCreated":
            address = parameters["url"]
        if address.startswith(("http://", "https://", "ws://", "wss://")):
            hosts.add(address.split("/")[2])
    return hosts
