"""The windows and frames of one session: which there are, which came unasked, which died."""

from collections.abc import Iterator
from contextlib import suppress

from playwright.sync_api import BrowserContext, Download, Error, Frame
from playwright.sync_api import Page as Window

from rpa.definitions.system import Page
from rpa.errors import ApplicationException

_DOWNLOAD = "a download began"


class Windows:
    """Finds the frame in which a page of the map stands.

    The main window is ours; the others are pop-ups, known by the name that the system gives them. A second use of
    a name is no new window, so a window is looked up by its name each time.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._names: dict[Window, str] = {}
        self._crashed: list[Window] = []
        self._events: list[str] = []
        context.on("page", self._opened)
        self.main = context.new_page()

    def __iter__(self) -> Iterator[Window]:
        return iter([window for window in self._context.pages if not window.is_closed()])

    def window(self, name: str | None) -> Window | None:
        """Return the open window called *name*, the main one for None.

        Where the system gave no window that name, it is the newest of those that it gave none.
        """
        if name is None:
            return None if self.main.is_closed() else self.main
        popups = [window for window in self if window is not self.main]
        named = [window for window in popups if self.name(window) == name]
        unnamed = [window for window in popups if not self.name(window)]
        return next(iter(named or unnamed[-1:]), None)

    def name(self, window: Window) -> str:
        """Return the name of a pop-up, empty while it has none."""
        if not self._names.get(window):
            with suppress(Error):
                self._names[window] = window.evaluate("window.name")
        return self._names.get(window, "")

    def frame(self, page: Page) -> Frame | None:
        """Return the frame in which *page* of the map stands or would stand, if it is there."""
        window = self.window(page.window)
        return self.frame_in(window, page) if window else None

    def frame_in(self, window: Window, page: Page) -> Frame | None:
        """Return the frame for *page* in this very window, if it is there."""
        frame = None if window.is_closed() else window.main_frame
        for name in page.frame:
            inner = frame.child_frames if frame else []
            frame = next((one for one in inner if one.name == name), None)
        return frame

    def frames(self) -> list[Frame]:
        """Return every frame of every window."""
        return [frame for window in self for frame in window.frames]

    def check(self) -> None:
        """Raise `ApplicationException` where a window can't answer any more."""
        if self._crashed:
            raise ApplicationException("the page crashed")
        if next(iter(self), None) is None:
            raise ApplicationException("the last window or the browser was closed")

    def tidy(self, known: set[str]) -> None:
        """Close what crashed and pop-ups that the map does not name; have a main window again if it is gone."""
        for window in self:
            if window in self._crashed or (window is not self.main and self.name(window) not in known):
                window.close()
        self._crashed.clear()
        if self.main.is_closed():
            self.main = self._context.new_page()

    def replace(self) -> None:
        """Close every window, whatever its page is busy with, and have a new main one."""
        old, self.main = list(self), self._context.new_page()
        for window in old:
            window.close()
        self._crashed.clear()

    def downloading(self) -> bool:
        """Tell whether a download began since the last time that the events were asked for."""
        return _DOWNLOAD in self._events

    def events(self) -> list[str]:
        """Return, once, what happened unasked since the last time: windows, downloads."""
        events, self._events = self._events, []
        return events

    def _opened(self, window: Window) -> None:
        window.on("crash", self._crash)
        window.on("download", self._download)
        window.on("close", self._closed)
        if window.opener() is not None:
            self._events.append("a window opened")

    def _crash(self, window: Window) -> None:
        self._crashed.append(window)

    def _closed(self, window: Window) -> None:
        self._names.pop(window, None)

    def _download(self, _: Download) -> None:
        self._events.append(_DOWNLOAD)
