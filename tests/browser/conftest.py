"""Debian's Chromium, and the closed report of NULISA-CART or of made-up subjects in it."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from reports.page import closed_report
from tests.unit.report_material import material

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


# Not of the session: while it is open its event loop is in the way of everybody else's.
@pytest.fixture(scope="module")
def browser():
    """A browser; without one the tests fail, for a page nobody has looked at is not done."""
    assert CHROMIUM, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def written(tmp_path_factory) -> Path:
    """The closed report of made-up subjects, with a listing of 20,000 rows."""
    listings = material().listings
    many = listings["treatments"].sample(20_000, with_replacement=True, seed=1)
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(closed_report(material(listings={**listings, "treatments": many})), encoding="utf-8")
    return path


@pytest.fixture
def page(browser, written) -> Page:
    """The report, opened; whatever it asks for or complains about is kept in ``page.asked`` and ``page.said``."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    asked, said = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(written.as_uri())
    opened.asked, opened.said = asked, said
    yield opened
    opened.close()
