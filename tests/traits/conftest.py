"""One browser and one server of fixture pages for the tests of a file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import PageServer, serving
from rpa.browser.launch import browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run the browser that unattended runs take."""
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def served() -> Iterator[PageServer]:
    """Serve the fixture pages."""
    with serving() as server:
        yield server


@pytest.fixture
def pages(served: PageServer) -> PageServer:
    """Return the server of fixture pages, with no post taken yet."""
    served.posts.clear()
    return served
