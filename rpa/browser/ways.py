"""How to get to a page of the map: by its address, or over the page whose button leads to it.

Each way is a fresh navigation. Nothing is ever reloaded: a reload of what a POST returned would post it again.
"""

from contextlib import closing
from urllib.parse import urldefrag

from playwright.sync_api import Error, Frame
from playwright.sync_api import Page as Window

from rpa.browser.desk import WATCH_EVERY, Desk
from rpa.browser.press import REFUSAL
from rpa.browser.screen import Screen
from rpa.browser.sight import FAILED_PAGE, look
from rpa.browser.wording import NOT_LET_IN, told
from rpa.definitions.system import Page
from rpa.errors import ApplicationException, DefinitionError, NotOnScreen, SignInRefused

BLANK = "about:blank"
INTERRUPTED = "interrupted by another navigation"
UNAUTHORIZED = 401


class Ways:
    """The ways through one system. *url* is where it starts, `home` the address that a sign-in ended on."""

    def __init__(self, desk: Desk, url: str) -> None:
        self._desk = desk
        self._url = url
        self.home = url

    def go(self, name: str) -> Screen:
        """Go to the page *name* and wait until it is there."""
        with self._desk.dialogs.leaving():
            return self._go(name, ())

    def _go(self, name: str, passed: tuple[str, ...]) -> Screen:
        page = self._desk.page(name)
        if name in passed:
            raise DefinitionError(f"{' via '.join((*passed, name))}: none of these pages has a path")
        if page.path is not None:
            return self._go_to(name, page, self._url + "/" + page.path.lstrip("/"))
        if page.via is not None:
            return self._go_over(page.via, name, (*passed, name))
        if self._desk.there(page) is None:
            raise NotOnScreen(
                f"{name} is not there, and its map says neither a path nor via which page to get to it"
            )
        return self._in_front(name)

    def _go_to(self, name: str, page: Page, address: str) -> Screen:
        frame = self._frame(name, page, address)
        self._desk.dialogs.expect(page.dialogs)
        with told(f"open {name}"):
            if "#" in address and urldefrag(frame.url).url == urldefrag(address).url:
                self._load(frame, BLANK)  # a new fragment alone is no fresh navigation
            self._load(frame, address)
        if self._desk.until(lambda: self._arrived(name, page, address)) is None:
            raise NotOnScreen(self._desk.also(f"{name} did not come within {self._desk.seconds:g} s"))
        return self._in_front(name)

    def _load(self, frame: Frame, address: str) -> None:
        """Load an address; once more where the late answer to an earlier press comes in between.

        Measured: 22 of 80 answers that came within 20 ms of a load broke into it. What is broken into may still
        come, so that no load is believed but one that was not.
        """
        with closing(self._desk.moments()) as moments:
            for _ in moments:
                try:
                    frame.goto(address, wait_until="commit")
                except Error as error:
                    if INTERRUPTED not in error.message and not frame.url.startswith(FAILED_PAGE):
                        raise
                else:
                    return
        raise ApplicationException(f"{self._desk.system.system}: pages keep coming unasked, so none can be opened")

    def _arrived(self, name: str, page: Page, address: str) -> bool | None:
        if self._desk.there(page, wait=WATCH_EVERY):
            return True
        frame = self._desk.windows.frame(page)
        if frame is None:
            return None
        if frame.url.startswith(FAILED_PAGE):
            raise ApplicationException(self._desk.also(f"open {name}: the connection failed"))
        if page.frame and any(inner.name == page.frame[0] for inner in frame.child_frames):
            # The address is that of the frameset, which has come inside of its own frame.
            with told(f"open {name}"):
                frame.page.goto(address, wait_until="commit")
        self._refuse_failure(name, frame)
        return None

    def _refuse_failure(self, name: str, frame: Frame) -> None:
        """Raise for an answer that is none; where it asks to sign in, that is told rather."""
        seen = look(frame)
        if seen is None or not seen.ready or seen.leaving or seen.status < REFUSAL:
            return
        self._desk.watch()
        if seen.status == UNAUTHORIZED:
            raise SignInRefused(f"open {name}: {NOT_LET_IN}")
        raise ApplicationException(self._desk.also(f"open {name}: the answer was HTTP {seen.status}"))

    def _go_over(self, via: str, name: str, passed: tuple[str, ...]) -> Screen:
        page = self._desk.page(via)
        leading = [button for button, to in page.buttons.items() if to.to == name]
        if not leading:
            raise DefinitionError(f"{name}: via {via}, but no button there says `to: {name}`")
        before = self._in_front(via) if self._is_there(page) else self._go(via, passed)
        came = before.press(leading[0])
        if came.name != name:
            raise ApplicationException(
                f"{via}: {leading[0]} was pressed and the system said no; {name} did not come"
            )
        return came

    def _is_there(self, page: Page) -> bool:
        """Tell whether *page* is there, once what is on its way has come."""
        if self._desk.there(page) is None:
            self._desk.until(lambda: self._calm(page) or None)
            return self._desk.there(page) is not None
        return True

    def _calm(self, page: Page) -> bool:
        frame = self._desk.windows.frame(page)
        seen = look(frame, wait=WATCH_EVERY) if frame else None
        return frame is None or (seen is not None and seen.ready and not seen.leaving)

    def _in_front(self, name: str) -> Screen:
        return Screen(self._desk, self._desk.put_in_front(name))

    def _frame(self, name: str, page: Page, address: str) -> Frame:
        """Return the frame in which *page* will stand; open its window and fetch the frameset if need be."""
        window = self._window(name, page)
        for start in (self.home, address):
            if self._desk.windows.frame(page) is None:
                with told(f"open {name}"):
                    self._load(window.main_frame, start)
                self._desk.until(lambda: self._framed(window, page) or None)
        frame = self._desk.until(lambda: self._desk.windows.frame(page))
        if frame is None:
            raise NotOnScreen(f"{name}: there is no frame {' in '.join(reversed(page.frame))}")
        return frame

    def _framed(self, window: Window, page: Page) -> bool:
        """Tell whether the frame for *page* is there, or will not come any more."""
        whole = look(window.main_frame, wait=WATCH_EVERY)
        return self._desk.windows.frame(page) is not None or (whole is not None and whole.ready)

    def _window(self, name: str, page: Page) -> Window:
        windows = self._desk.windows
        if windows.window(page.window) is None:
            with self._desk.limited(), told(f"open {name}"):
                windows.main.evaluate("name => { window.open('about:blank', name); }", page.window)
        window = self._desk.until(lambda: windows.window(page.window))
        if window is None:
            raise NotOnScreen(f"{name}: its window did not open")
        return window
