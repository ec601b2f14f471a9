"""Ends what would never end by itself: a call into a page that has stopped answering.

Measured: a script that loops, or that waits for a server inside a click, holds `mouse.click` and `evaluate` for as
long as it likes, whatever time-out Playwright was given; and while a page is on its way to the next one,
`evaluate` waits for it. A stopped load lets go of the second; only closing the window lets go of the first. Where
browser or driver hang, or were stopped, no window closes either: they are killed.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from greenlet import greenlet  # type: ignore[import-untyped]  # it comes without types
from playwright.sync_api import BrowserContext, CDPSession, Error, Page

from rpa.browser import processes
from rpa.errors import ApplicationException

GONE = "the browser's driver is gone"

GRACE = 3.0
"""Seconds that a window has, after its load was stopped, before it is closed; and the browser then to close it."""


class Patience:
    """Knows how long one browser context may keep us waiting."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._lines: dict[Page, CDPSession] = {}
        self.stopped = False
        """Whether a load was stopped since this was last set back."""

    def line(self, window: Page) -> CDPSession:
        """Return the direct line to a window's browser, which answers when the page does not."""
        if window not in self._lines:
            self._lines = {one: line for one, line in self._lines.items() if not one.is_closed()}
            self._lines[window] = self._context.new_cdp_session(window)
        return self._lines[window]

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Stop all loads after *seconds* in the block, close the windows a little later, then end the browser."""
        for window in self._context.pages:
            with suppress(Error):
                self.line(window)
        loop = _loop()
        timers = (
            loop.call_later(seconds, _apart(self._stop)),
            loop.call_later(seconds + GRACE, _apart(self._close)),
            loop.call_later(seconds + 2 * GRACE, self._end),
        )
        try:
            yield
        finally:
            for timer in timers:
                timer.cancel()

    def _stop(self) -> None:
        self.stopped = True
        for line in list(self._lines.values()):
            with suppress(Error):
                line.send("Page.stopLoading")

    def _close(self) -> None:
        for window in self._context.pages:
            with suppress(Error):
                window.close()

    def _end(self) -> None:
        processes.end(self._context.browser)


def _loop() -> asyncio.AbstractEventLoop:
    """Return Playwright's event loop, which ends with its driver; raises `ApplicationException` then."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ApplicationException(GONE) from None


def _apart(action: Callable[[], None]) -> Callable[[], None]:
    """Return *action* to be run beside the call that hangs: Playwright's event loop runs on in the meantime."""
    return lambda: greenlet(action).switch()
