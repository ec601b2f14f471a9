"""What one session has in front of it: windows, which page stands where, and what happened unasked."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from playwright.sync_api import BrowserContext, Error
from playwright.sync_api import Page as Window

from rpa.browser import form
from rpa.browser.absence import Doubt, Listing
from rpa.browser.dialogs import Dialogs
from rpa.browser.inpage import PageWentAway
from rpa.browser.origin import origin
from rpa.browser.patience import GONE, Patience
from rpa.browser.sight import Sight, look
from rpa.browser.traffic import Traffic
from rpa.browser.windows import Windows
from rpa.definitions.system import Page, System
from rpa.errors import ApplicationException, DefinitionError, NotOnScreen

SOONEST, LATEST = 0.004, 0.05
"""Seconds between two looks: often at first, since most pages answer at once, then less so."""

MARGIN = 1.0
"""Seconds beyond the system's time before a load is stopped: what waits for itself has ended by then."""

WATCH_EVERY = 0.1
"""Seconds between two looks at the other frames, and so the longest that one look waits in its page."""

_T = TypeVar("_T")


@dataclass
class Spot:
    """A page of the map as it stands in front: in which window, and on what it was opened.

    *checked* is the document in which the values were last seen to be as meant, *listed* what the last look at a
    table found, *doubt* why the last question whether that is all was not answered with yes.
    """

    name: str
    page: Page
    window: Window
    opener: "Spot | None" = None
    checked: str | None = None
    listed: Listing | None = None
    doubt: Doubt | None = None


class Desk:
    """The windows of one session, and the waiting for what comes in them.

    *pressed* are the documents that were there at the last press, each with the texts "nothing found" that it
    showed. *refused* tells what its pages asked for and did not get. *watch* is called while something is waited
    for, and *go_on* at each look; what they raise ends the waiting. *home* is the origin of the system.
    """

    def __init__(self, context: BrowserContext, system: System) -> None:
        self.system = system
        self.seconds = system.timeout.total_seconds()
        self.windows = Windows(context)
        self.dialogs = Dialogs()
        self.patience = Patience(context)
        self.traffic = Traffic(self.seconds)
        self.home = origin(system.url)
        self.pressed: dict[str, frozenset[str]] = {}
        self.refusal_before: str | None = None
        self.refused: Callable[[], list[str]] = list
        self.watch: Callable[[], None] = lambda: None
        self.go_on: Callable[[], None] = lambda: None
        self._front: Spot | None = None
        context.on("dialog", self.dialogs.answer)
        if any(page.tables for page in system.pages.values()):
            self.traffic.listen(context)

    def front(self) -> Spot:
        """Return the page in front: where a pop-up has closed itself, the one that it was opened from."""
        while self._front is not None and self._front.window.is_closed():
            self._front = self._front.opener
        if self._front is None:
            raise ApplicationException("no page of the system is open")
        return self._front

    def put_in_front(self, name: str) -> Spot:
        """Note that the page *name* is there, and in front from now on."""
        page = self.page(name)
        window = self.windows.window(page.window)
        if window is None:
            raise NotOnScreen(f"{name}: its window was closed")
        self._front = Spot(name, page, window, self._opener(window))
        self.dialogs.expect(page.dialogs)
        return self._front

    def _opener(self, window: Window) -> Spot | None:
        before = self._front
        if before is None or window is self.windows.main:
            return None
        return before.opener if before.window is window else before

    def page(self, name: str) -> Page:
        """Return the page *name* of the map."""
        try:
            return self.system.pages[name]
        except KeyError:
            raise DefinitionError(f"the map of {self.system.system} has no page {name}") from None

    def there(self, page: Page, *, wait: float = 0.0) -> Sight | None:
        """Return what *page* looks like if it is there, whole and not about to go; *wait* is that of `look`."""
        with self.limited():
            frame = self.windows.frame(page)
            sight = look(frame, texts(page), page.refused, wait=wait) if frame else None
            return sight if sight and self.stands(page, sight) else None

    def shows(self, text: str) -> bool:
        """Tell whether the page of this name is there, or any frame shows the text: a sign-in ends in several."""
        if text in self.system.pages:
            return self.there(self.system.pages[text]) is not None
        seen = (look(frame, [text]) for frame in self.windows.frames())
        return any(sight is not None and text in sight.texts for sight in seen)

    def stands(self, page: Page, sight: Sight) -> bool:
        """Tell whether the document of its frame that *sight* saw is *page*."""
        frame = self.windows.frame(page)
        if frame is None or not sight.ready or sight.leaving or frame.url == "about:blank":
            return False
        if page.see is not None:
            return page.see in sight.texts
        if not (page.fields or page.buttons or page.tables):
            return True
        with suppress(PageWentAway):
            # Two calls may see two documents; then the next look tells.
            return form.recognises(frame, page) == sight.document
        return False

    def check(self) -> None:
        """Raise `ApplicationException` for what happened without being asked for, such as an unknown dialog."""
        self.windows.check()
        said = self.dialogs.undeclared()
        if said:
            raise ApplicationException(self.also(said))

    def also(self, message: str) -> str:
        """Return *message* with what else happened unasked."""
        return "; ".join((message, *self.windows.events(), *self.refused()))

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Let no page keep us in the block for much longer than the system's time."""
        with self.patience.at_most(self.seconds + MARGIN):
            yield

    def until(self, find: Callable[[], _T | None]) -> _T | None:
        """Return what *find* returns once that is something; None when the system's time is over."""
        with closing(self.moments()) as moments:
            return next((found for _ in moments if (found := find()) is not None), None)

    def moments(self) -> Generator[None, None, None]:
        """Yield at moments to look, until the system's time is over; raise what is raised meanwhile.

        Whoever goes before that closes it: the driver keeps frames alive, and with them the end that is set to the
        waiting.
        """
        begun = watched = time.monotonic()
        with self.limited():
            while True:
                self.go_on()
                self.check()
                yield
                now = time.monotonic()
                if now - begun > self.seconds:
                    return
                if now - watched > WATCH_EVERY:
                    self.watch()
                    watched = now
                self.pause(min(max(SOONEST, (now - begun) / 10), LATEST))

    def pause(self, seconds: float) -> None:
        """Let the browser's events come in for a while; raise `ApplicationException` where none can any more."""
        for window in self.windows:
            try:
                window.wait_for_timeout(seconds * 1000)
            except Error:
                self.windows.check()
                if not window.is_closed():  # it may close in the meantime; that of a killed browser never does
                    raise ApplicationException(GONE) from None
            return


def texts(page: Page) -> list[str]:
    """Return every text of the map that tells something about *page*."""
    empty = [text for table in page.tables.values() for text in table.empty]
    return empty if page.see is None else [page.see, *empty]
