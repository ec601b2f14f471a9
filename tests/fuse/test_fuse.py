"""A server enters the form and then goes wrong: it has been entered once. `make fuse` clicks 50 times a row."""

from collections.abc import Iterator
from pathlib import Path
from ssl import SSLContext

import pytest
from playwright.sync_api import Browser

from rpa.browser.launch import browser
from tests.fuse.certificate import tls
from tests.fuse.desk import MODES, SCAN
from tests.fuse.rows import POLLED, Row, click_through


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run the browser that unattended runs take."""
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> SSLContext:
    """Return what the servers speak TLS with."""
    return tls(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file to take along."""
    path = tmp_path_factory.mktemp("scan") / "scan.bin"
    path.write_bytes(SCAN)
    return path


@pytest.mark.parametrize("upload", [False, True], ids=["form", "upload"])
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("mode", list(MODES))
def test_a_form_that_was_entered_before_the_answer_was_lost_is_entered_once(
    *, chromium: Browser, certificate: SSLContext, scan: Path, mode: str, secure: bool, upload: bool
) -> None:
    row = Row(mode, secure, upload, keep_alive=True, polls=POLLED)

    result = click_through(chromium, row, 2 if mode != "stall" else 1, certificate, scan)

    assert result.doubles == result.damaged == 0
    assert result.entered == result.clicks == result.failed


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("keep_alive", [False, True], ids=["close", "keep-alive"])
def test_a_healthy_submit_of_a_page_that_polls_is_answered(
    *, chromium: Browser, certificate: SSLContext, scan: Path, secure: bool, keep_alive: bool
) -> None:
    result = click_through(chromium, Row(None, secure, True, keep_alive, POLLED), 3, certificate, scan)

    assert result.entered == result.clicks == 3
    assert result.failed == result.damaged == 0


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("mode", ["reset", "408"])
def test_without_the_way_out_the_same_server_has_it_twice(
    *, chromium: Browser, certificate: SSLContext, scan: Path, mode: str, secure: bool
) -> None:
    row = Row(mode, secure, False, keep_alive=True, polls=None, past=True)

    assert click_through(chromium, row, 3, certificate, scan).doubles > 0
