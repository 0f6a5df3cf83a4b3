"""Each page in headless Chromium, wide and narrow: it is complete and readable, and no request leaves the machine."""

import time
from importlib.resources import files
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.chromium import Served, console_errors, open_page, page_text, requested_hosts, settle
from tests.python.support.release_files import HOSTILE, Numbers, write_pointer, write_release

pytestmark = pytest.mark.browser

PAGES = {
    "": (
        "INTERNAL",
        "SYNTHETIC DATA",
        "courts have signed orders that dismiss 64,812 of about 66,000 convictions announced in 2020",
        "and 55,910 to 57,030 of about 58,000 cases announced in 2021",
        "Wave 2: cases ordered dismissed",
        "of 90 waiting",
        "1,000 convictions in review",
        "Orders so far, against what was announced",
        "Release 20220110T090000Z",
    ),
    "progress": (
        "INTERNAL",
        "SYNTHETIC DATA",
        "64,812 of the 66,000 convictions announced in 2020 (98.2%)",
        "55,910 to 57,030 of the 58,000 cases announced in 2021",
        "Data quality:",
        "A signed order is not relief.",
        "Why this matters",
        "What this does not show",
        "Release 20220110T090000Z",
    ),
    "by_year_and_offense": (
        "SYNTHETIC DATA",
        "Court orders dismissed 121,299 convictions",
        "Convictions dismissed by year of the order",
        "Convictions dismissed by offense, all years",
        "Unknown year",
        "Release 20220110T090000Z",
    ),
    "stuck": (
        "SYNTHETIC DATA",
        "72 of the 90 waiting convictions are past their limit",
        "From identified to visible (convictions)",
        "How long each step takes (median days)",
        "not reached by half",
        "What changed since the last build",
        "Release 20220110T090000Z",
    ),
}
MORE_PAGES = {
    "people": (
        "Court orders changed the record of 855 people",
        "The widest gap is 10.0 points",
        "Announced beside counted, first wave",
    ),
    "policies": (
        "would relieve 25 convictions of 21 people",
        "100 convictions evaluated by either = 25 gained + 12 lost + 18 kept + 45 neither.",
    ),
    "ab1706": ("Courts have relieved 523 of 540 eligible convictions", "The days of the statutes"),
    "trust": ("Every delivered record is accounted for", "Could change a headline figure"),
    "words": ("What each word on these pages means", "How numbers are made"),
    "downloads": ("so it may leave the office", "A briefing of two pages", "Parquet"),
    "sql": ("Ask one question in SQL", "One SELECT"),
}
ALWAYS = ("INTERNAL", "SYNTHETIC DATA", "Why this matters", "What this does not show", "Release 20220110T090000Z")
CHARTS = {"": 3, "progress": 2, "by_year_and_offense": 2, "stuck": 2, "people": 3, "ab1706": 2}
WRONG = '[data-testid="stException"], [data-testid="stAlertContentError"]'
OVERFLOW = """
    const page = document.documentElement, main = document.querySelector('[data-testid="stMain"]');
    return [page.scrollWidth - page.clientWidth, main.scrollWidth - main.clientWidth]
"""
DRAWN = """
    return [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')].map(chart => {
        const box = chart.querySelector('svg, canvas')?.getBoundingClientRect();
        return [box ? box.width : 0, box ? box.height : 0, /aria-label="(Bars|Dots)/.test(chart.outerHTML)];
    })
"""
EXACT = '[data-testid="stVegaLiteChart"], [data-testid="stTable"], [data-testid="stDataFrame"]'
TOOLBARS = '[data-testid="stElementToolbar"]'
EXPORTS = """
    const words = /show data|download as|save as|copy vega|view source|open in vega|fullscreen/i;
    return [...document.querySelectorAll('button, a, summary')].filter(button => button.getClientRects().length > 0)
        .map(button => `${button.getAttribute('aria-label') || ''} ${button.textContent}`)
        .filter(label => words.test(label))
"""


AXE = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
BARRIERS = """
    const done = arguments[arguments.length - 1];
    axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations
        .filter(rule => ['serious', 'critical'].includes(rule.impact) || rule.id === 'heading-order')
        .map(rule => `${rule.id}: ${rule.nodes.map(node => node.html.slice(0, 120)).join(' ')}`)))
"""
CUT_OFF = """
    return [...document.querySelectorAll('[data-testid="stMetric"] *')]
        .filter(part => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflow !== 'visible')
        .map(part => part.textContent)
"""


def barriers(driver: webdriver.Chrome) -> list[str]:
    """Accessibility problems that axe-core rates as serious or critical, and headings in the wrong order."""
    driver.set_script_timeout(60)
    driver.execute_script(AXE)
    return driver.execute_async_script(BARRIERS)


def heading_jumps(driver: webdriver.Chrome) -> list[str]:
    """Headings that skip a level after the heading before them; a page must start with its only h1."""
    levels: list[int] = driver.execute_script(
        "return [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]"
        ".filter(heading => heading.getClientRects().length > 0).map(heading => Number(heading.tagName[1]))"
    )
    jumps = [f"h{a} to h{b}" for a, b in zip([0, *levels], levels, strict=False) if b > a + 1]
    return jumps if levels.count(1) == 1 else [*jumps, f"{levels.count(1)} titles"]


def test_a_range_in_a_card_is_never_cut_off(served: Served, driver: webdriver.Chrome) -> None:
    write_release(served.home)
    open_page(driver, f"{served.address}/", 1100)
    settle(driver, "Release 20220110T090000Z")
    assert "55,910 to 57,030" in [part.text.replace("\n", " ") for part in metric_values(driver)]
    assert driver.execute_script(CUT_OFF) == []


def metric_values(driver: webdriver.Chrome) -> list[WebElement]:
    return driver.find_elements(By.CSS_SELECTOR, '[data-testid="stMetricValue"]')


@pytest.mark.parametrize(
    ("page", "width"),
    [
        # Four pages take half a minute in Chromium, so the default suite opens each page at only one of the two widths.
        pytest.param(page, width, marks=pytest.mark.full if (width == 390) == (place % 2 == 0) else [])
        for place, page in enumerate([*PAGES, *MORE_PAGES])
        for width in (1440, 390)
    ],
)
def test_a_page_is_complete_and_asks_nobody_outside(
    served: Served, driver: webdriver.Chrome, page: str, width: int
) -> None:
    write_release(served.home)
    open_page(driver, f"{served.address}/{page}", width)
    settle(driver, "Release 20220110T090000Z")
    text = page_text(driver)
    for expected in PAGES.get(page) or (*MORE_PAGES[page], *ALWAYS):
        assert expected in text
    assert (
        driver.find_elements(By.CSS_SELECTOR, '[data-testid="stException"], [data-testid="stAlertContentError"]') == []
    )
    assert max(driver.execute_script(OVERFLOW)) <= 0
    charts = driver.execute_script(DRAWN)
    assert len(charts) == CHARTS.get(page, 0)
    for drawn_width, drawn_height, has_text in charts:
        assert 200 < drawn_width <= width
        assert drawn_height > 40
        assert has_text
    assert heading_jumps(driver) == []
    assert barriers(driver) == []
    assert driver.execute_script(CUT_OFF) == []
    assert requested_hosts(driver) == {served.address.removeprefix("http://")}
    assert console_errors(driver) == []


def test_a_filter_goes_into_the_address_and_the_address_shows_the_same(
    served: Served, driver: webdriver.Chrome
) -> None:
    write_release(served.home)
    open_page(driver, f"{served.address}/by_year_and_offense")
    driver.find_element(By.XPATH, "//button[contains(., 'Year of the conviction')]").click()
    finding = "The conviction year with the most is 2010 with 3,600; the year is unknown for 412."
    settle(driver, finding)
    assert driver.current_url.endswith("?year_basis=conviction_year")
    open_page(driver, driver.current_url)
    settle(driver, finding)


def test_back_forward_and_reload_keep_the_filters(served: Served, driver: webdriver.Chrome) -> None:
    write_release(served.home)
    open_page(driver, f"{served.address}/by_year_and_offense")
    driver.find_element(By.XPATH, "//button[contains(., 'Year of the conviction')]").click()
    settle(driver, "The conviction year with the most is 2010 with 3,600")
    driver.find_element(By.XPATH, "//button[contains(., 'People')]").click()
    people = "people have a conviction dismissed by court order. The conviction year with the most is 2010"
    settle(driver, people)
    driver.refresh()
    settle(driver, people)
    driver.find_element(By.XPATH, "//a[contains(., 'Where records are stuck')]").click()
    settle(driver, "waiting convictions are past their limit")
    driver.back()
    settle(driver, people)
    driver.back()
    settle(driver, "The conviction year with the most is 2010 with 3,600")
    driver.forward()
    settle(driver, people)


@pytest.mark.parametrize(
    "address, title",
    [
        ("", "Overview"),
        ("overview", "Overview"),
        ("progress", "Progress"),
        ("stuck", "Where records are stuck"),
        ("sql", "SQL"),
    ],
)
def test_an_address_is_found_and_its_tab_is_named(
    served: Served, driver: webdriver.Chrome, address: str, title: str
) -> None:
    write_release(served.home)
    open_page(driver, f"{served.address}/{address}")
    settle(driver, "Release 20220110T090000Z")
    assert "Page not found" not in page_text(driver)
    assert driver.title == f"{title} · Record relief"


def test_the_second_page_is_one_click_away(served: Served, driver: webdriver.Chrome) -> None:
    write_release(served.home)
    open_page(driver, f"{served.address}/progress")
    driver.find_element(By.XPATH, "//a[contains(., 'See every year and offense')]").click()
    settle(driver, "Dismissals by year and offense")


def test_a_release_published_while_the_page_is_open_is_said_before_it_is_shown(
    served: Served, driver: webdriver.Chrome
) -> None:
    write_release(served.home)
    open_page(driver, f"{served.address}/by_year_and_offense")
    settle(driver, "Release 20220110T090000Z")
    write_release(served.home, Numbers(release_id="20220301T120000Z", order_years={"2020": 70_000}))
    driver.find_element(By.XPATH, "//button[contains(., 'Cases')]").click()
    settle(driver, "Another release has been published: 20220301T120000Z")
    assert "Release 20220110T090000Z" in page_text(driver)
    driver.find_element(By.XPATH, "//button[contains(., 'Show the new release')]").click()
    settle(driver, "Release 20220301T120000Z")
    assert "63,000 cases have a conviction dismissed by court order" in page_text(driver)


def test_data_never_becomes_markup(served: Served, driver: webdriver.Chrome) -> None:
    write_release(served.home, Numbers(release_id="hostile", county=HOSTILE))
    open_page(driver, served.address)
    settle(driver, "Release hostile")
    assert "onerror" in page_text(driver).lower()
    assert driver.find_elements(By.CSS_SELECTOR, "img[src='x'], img[src*='198.51'], a[href^='javascript']") == []
    assert requested_hosts(driver) == {served.address.removeprefix("http://")}


def test_the_download_is_the_public_file(served: Served, driver: webdriver.Chrome, tmp_path: Path) -> None:
    write_release(served.home)
    open_page(driver, f"{served.address}/by_year_and_offense")
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    driver.find_element(By.XPATH, "//button[contains(., 'table by year')]").click()
    file = tmp_path / "SYNTHETIC_dismissals_by_year_public_as_of_2021-12-31.csv"
    deadline = time.monotonic() + 20
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    text = file.read_text(encoding="utf-8")
    assert text.startswith('"# SYNTHETIC DATA')
    assert "relief_order_year,unknown,all,all,all,convictions,,suppressed,2021-12-31,True" in text


@pytest.mark.parametrize(
    "page", [*list(PAGES)[:2], *(pytest.param(page, marks=pytest.mark.full) for page in [*list(PAGES)[2:], "people"])]
)
def test_no_chart_or_table_offers_an_export_of_its_own(served: Served, driver: webdriver.Chrome, page: str) -> None:
    write_release(served.home)
    open_page(driver, f"{served.address}/{page}")
    settle(driver, "Release 20220110T090000Z")
    shown = [element for element in driver.find_elements(By.CSS_SELECTOR, EXACT) if element.is_displayed()]
    assert len(shown) >= 3
    for element in shown:
        driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        ActionChains(driver).move_to_element(element).pause(0.3).perform()
        assert driver.execute_script(EXPORTS) == []
    toolbars = driver.find_elements(By.CSS_SELECTOR, TOOLBARS)
    assert toolbars, "Streamlit names its toolbar otherwise now: see whether the style still hides it"
    assert not any(toolbar.is_displayed() for toolbar in toolbars)


@pytest.mark.parametrize("page", PAGES)
def test_a_damaged_pointer_is_one_message_without_a_traceback(
    served: Served, driver: webdriver.Chrome, page: str
) -> None:
    write_pointer(served.home, "{")
    open_page(driver, f"{served.address}/{page}")
    settle(driver, "These figures cannot be shown")
    assert "relief publish" in page_text(driver)
    assert "Traceback" not in page_text(driver)
    write_release(served.home)
