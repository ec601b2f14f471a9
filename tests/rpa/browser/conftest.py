"""One browser for the tests of a file, and a legacy system for one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fixtures.systems.common import RunningSystem, running
from rpa.browser.launch import browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run the browser that unattended runs take."""
    with browser() as started:
        yield started


@pytest.fixture
def meridian(tmp_path: Path) -> Iterator[RunningSystem]:
    """Run the legacy benefits system with an empty book."""
    with running("benefits", tmp_path / "benefits.db") as system:
        yield system
