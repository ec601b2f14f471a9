"""The rows of the table: a server of one kind, and what a number of clicks came to."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from ssl import SSLContext

from playwright.sync_api import Browser

from rpa.errors import ApplicationException
from tests.fuse.clicks import Click, clicker
from tests.fuse.desk import MODES, Desk, serving

NUMBERS = count(100_000)
"""Claims, no two of one number."""

POLLED, POLLED_MUCH = 50, 20
"""Milliseconds between two polls of a page."""


@dataclass(frozen=True)
class Row:
    """One kind of server and page. Without *mode* the server is healthy; *past* leaves out the way out."""

    mode: str | None
    tls: bool
    scan: bool
    keep_alive: bool
    polls: int | None
    past: bool = False

    def __str__(self) -> str:
        words = [self.mode or "healthy", "https" if self.tls else "http", "upload" if self.scan else "form"]
        polls = f"polls {self.polls} ms" if self.polls else "no polls"
        return ", ".join((*words, "keep-alive" if self.keep_alive else "close", polls))


@dataclass(frozen=True)
class Result:
    """What came of a row's clicks.

    *failed* are those without the page that should come, *unclicked* those whose form did not come, *damaged* the
    uploads that arrived otherwise than they were sent.
    """

    row: Row
    clicks: int
    entered: int
    doubles: int
    failed: int
    damaged: int
    unclicked: int


def faulty(*, past: bool = False) -> Iterator[Row]:
    """Yield every way to go wrong."""
    for mode, tls, scan, keep_alive in product(MODES, (False, True), (False, True), (True, False)):
        yield Row(mode, tls, scan, keep_alive, POLLED, past)


def healthy() -> Iterator[Row]:
    """Yield servers that do what they should, with pages that poll and others."""
    for tls, scan, keep_alive, polls in product((False, True), (False, True), (True, False), (None, POLLED_MUCH)):
        yield Row(None, tls, scan, keep_alive, polls)


def click_through(browser: Browser, row: Row, clicks: int, tls: SSLContext, scan: Path) -> Result:
    """Click as often as told, and count what the server has."""
    desk = Desk(tls if row.tls else None, row.mode, row.keep_alive, row.polls)
    done: list[Click] = []
    with serving(desk), clicker(browser, desk, scan=scan if row.scan else None, past=row.past) as hand:
        for number in (str(next(NUMBERS)) for _ in range(clicks)):
            try:
                done.append(hand.click(number))
            except ApplicationException:  # before the click: the page did not come, and nothing was pressed
                continue
    return Result(
        row,
        len(done),
        len(desk.entered),
        sum(times > 1 for times in desk.entered.values()),
        sum(not click.answered for click in done),
        len(desk.broken),
        clicks - len(done),
    )
