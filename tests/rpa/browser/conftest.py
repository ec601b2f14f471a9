"""One browser for the tests of a file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from rpa.browser.launch import browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run the browser that unattended runs take."""
    with browser() as started:
        yield started
