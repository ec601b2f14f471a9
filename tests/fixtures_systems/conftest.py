"""One browser for all tests of the fixture systems, a fresh window for each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from rpa.browser.find import find


@pytest.fixture(scope="module")  # a second Playwright in one process needs the first one to have ended
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = find()
        browser = playwright.chromium.launch(executable_path=found.path, chromium_sandbox=found.sandbox)
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    yield context
    context.close()
