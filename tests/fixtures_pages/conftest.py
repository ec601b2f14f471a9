from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from fixtures.pages.answers import CLERK
from fixtures.pages.server import PageServer, serving
from fixtures.pages.watching import Watched
from rpa.browser.find import find


@pytest.fixture(scope="module")  # a second Playwright in one process needs the first one to have ended
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = find()
        browser = playwright.chromium.launch(executable_path=found.path, chromium_sandbox=found.sandbox)
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[PageServer]:
    with serving() as running:
        yield running


@pytest.fixture
def watched(browser: Browser, server: PageServer) -> Iterator[Watched]:
    user, password = CLERK
    context = browser.new_context(base_url=server.url, http_credentials={"username": user, "password": password})
    context.set_default_timeout(5_000)
    yield Watched(context.new_page(), server.url)
    context.close()


@pytest.fixture
def page(watched: Watched) -> Page:
    return watched.page
