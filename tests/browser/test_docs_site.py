"""The documentation, opened from files in headless Chromium: search works, and no request leaves the machine."""

import time
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.browser.chromium import drain, page_text, requested_hosts
from tools.docs_site.__main__ import build_pages

pytestmark = [pytest.mark.browser, pytest.mark.full]
WAIT_SECONDS = 20.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build_pages(folder)
    return folder


def _open(driver: webdriver.Chrome, page: Path) -> None:
    metrics = {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.get("about:blank")
    drain(driver)
    driver.get(page.as_uri())


@pytest.mark.parametrize("asked", ["suppression", "relief_filings"])
def test_search_finds_a_page_without_a_server(driver: webdriver.Chrome, site: Path, asked: str) -> None:
    _open(driver, site / "index.html")
    box = driver.find_element(By.CSS_SELECTOR, ".md-search__input")
    box.click()
    box.send_keys(asked)
    deadline = time.monotonic() + WAIT_SECONDS
    while "matching documents" not in page_text(driver) and time.monotonic() < deadline:
        time.sleep(0.1)
    links = [
        link.get_attribute("href") or "" for link in driver.find_elements(By.CSS_SELECTOR, ".md-search-result__link")
    ]
    assert any("methodology/figures.html" in link for link in links)
    assert requested_hosts(driver) == set()


@pytest.mark.parametrize("page", ["architecture", "methodology/statute", "decisions/index", "repository/contributing"])
def test_a_page_asks_nobody(driver: webdriver.Chrome, site: Path, page: str) -> None:
    _open(driver, site / f"{page}.html")
    time.sleep(1)
    assert requested_hosts(driver) == set()
    severe = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    assert severe == []
