"""A worker leaves its session: signed out in the system's hours, and in no other ones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from playwright.sync_api import Browser

from rpa.browser.session import Session
from rpa.definitions.system import System
from rpa.seat import Seat
from rpa.watchdog import Watchdog
from tests.rpa.browser.small_site import Page, Site, site
from tests.rpa.browser.test_sign_out import DOORS


class Doors:
    """A system with a way in and out; *left* is how often somebody went out."""

    def __init__(self) -> None:
        self.left = 0

    def pages(self) -> dict[str, Page]:
        """Return its pages."""
        home = "Home <a href=/out>Out</a> <button onclick='for (;;) ;'>Save</button>"
        return {"/": "Come in <a href=/home>In</a>", "/home": home, "/out": self._out}

    def _out(self) -> str:
        self.left += 1
        return "Good bye"


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
def here(doors: Doors) -> Iterator[Site]:
    with site(doors.pages()) as served:
        yield served


def signed_in(chromium: Browser, here: Site, **more: Any) -> Seat:
    """Return the seat of a worker that is signed in, with nothing that only records need."""
    system = System.model_validate({"system": "small", "url": here.url, "timeout": "1s", **DOORS, **more})
    seat = Seat(mock.Mock(), mock.Mock(), "worker-1", mock.Mock(), Watchdog())
    seat._stack.enter_context(seat.take(Session(chromium, system, None))).open("Home")
    return seat


def hours(opens: timedelta, closes: timedelta) -> dict[str, Any]:
    """Return hours so long from now, on a clock without seasons."""
    now = datetime.now(UTC)
    return {"open": f"{now + opens:%H:%M}", "close": f"{now + closes:%H:%M}", "timezone": "UTC"}


@pytest.mark.parametrize("in_trouble", [False, True])
def test_it_signs_out_once_and_closes_its_browser(
    chromium: Browser, here: Site, doors: Doors, *, in_trouble: bool
) -> None:
    seat = signed_in(chromium, here)

    seat.leave(mock.Mock(), in_trouble=in_trouble)
    seat.leave(mock.Mock(), in_trouble=in_trouble)

    assert doors.left == 1
    assert not [page for one in chromium.contexts for page in one.pages if page.url.startswith(here.url)]


def test_nothing_is_pressed_after_the_system_s_hours(chromium: Browser, here: Site, doors: Doors) -> None:
    for window, left in (
        (hours(timedelta(hours=2), timedelta(hours=4)), 0),
        (hours(timedelta(hours=-2), timedelta(hours=2)), 1),
    ):
        seat = signed_in(chromium, here, window=window)

        seat.leave(mock.Mock())

        assert doors.left == left
