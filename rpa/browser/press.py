"""One press, and what came of it.

The click is the mouse's own, made once. What comes of it is told by documents, never by time: each document has a
name, the names that were there before the press are known, and the page that the map declares has to come in a
document that was not. Measured: after a click on a link that loads another frame, a fill at once goes into the old
document and is lost, without an error.
"""

from dataclasses import dataclass

from playwright.sync_api import Frame

from rpa.browser.desk import WATCH_EVERY, Desk, Spot, texts
from rpa.browser.sight import FAILED_PAGE, Sight, job, look
from rpa.browser.wording import told
from rpa.definitions.system import Button, Page
from rpa.errors import ApplicationException, PressUnanswered, ScreenDiffers

REFUSAL = 400
"""From this status of HTTP on, an answer is none."""


@dataclass(frozen=True)
class Before:
    """What was there before a press: where it is made, and where the next page is expected."""

    here: Sight
    target: Sight | None
    was_there: bool


class Press:
    """A button that is pressed once. *name* is the button's on the map, *spot* the page on which it stands."""

    def __init__(self, desk: Desk, spot: Spot, name: str, button: Button) -> None:
        self._desk = desk
        self._spot = spot
        self._doing = f"{spot.name}: press {name}"
        self._to = button.to
        self._target: Page = spot.page if button.to is None else desk.page(button.to)
        self._elsewhere = [] if self._shared() else [self._see_target()]
        self._others = self._tables()

    def asks(self) -> dict[str, object]:
        """Return what the page has to be looked through for, right before the click."""
        return job({*texts(self._spot.page), *texts(self._target)}, self._spot.page.refused)

    def click(self, x: float, y: float) -> Spot:
        """Press at a place of the window (CSS pixels) and return the page that came of it.

        Where the system says no on the page itself, that page is returned. Raises `PressUnanswered` for whatever
        goes wrong from the click on.
        """
        desk = self._desk
        desk.dialogs.expect(self._spot.page.dialogs, self._target.dialogs)
        desk.windows.events()
        try:
            self._click(x, y)
            spot = self._outcome()
            desk.check()
        except ApplicationException as problem:
            raise PressUnanswered(problem) from None
        return spot

    def _click(self, x: float, y: float) -> None:
        """Click once. A pop-up that closes itself on it takes the click's own answer along: that is no failure."""
        try:
            with self._desk.patience.at_most(self._desk.seconds), told(self._doing):
                self._spot.window.mouse.click(x, y)
        except ApplicationException:
            if not self._spot.window.is_closed() or self._spot.window is self._desk.windows.main:
                raise

    def begin(self, here: Sight) -> None:
        """Note what the page looks like right before the click; raise `ScreenDiffers` where it came anew."""
        if self._spot.checked not in (None, here.document):
            raise ScreenDiffers(f"{self._doing}: the page came anew after it was read back; nothing was pressed")
        same = self._target is self._spot.page
        target = self._elsewhere[0] if self._elsewhere else here
        was_there = same or (target is not None and self._desk.stands(self._target, target))
        self._desk.pressed = {sight.document: sight.texts for sight in (here, target, *self._others) if sight}
        self._desk.refusal_before = here.refusal or None
        self._before = Before(here, target, was_there)

    def _tables(self) -> list[Sight | None]:
        """Look at every other frame in which a table may stand: what it shows now is no answer to this press."""
        known = [self._own_frame(), self._frame(self._target)]
        others: dict[Frame, list[str]] = {}
        for page in self._desk.system.pages.values():
            frame = self._frame(page) if page.tables else None
            if frame is not None and frame not in known:
                others.setdefault(frame, []).extend(texts(page))
        return [look(frame, said) for frame, said in others.items()]

    def _outcome(self) -> Spot:
        desk = self._desk
        spot = desk.until(self._stayed if self._to is None else self._came)
        if spot is None:
            awaited = self._to or "the page"
            waited = f"{desk.seconds:g} s"
            raise ApplicationException(desk.also(f"{self._doing}: {awaited} did not come within {waited}"))
        return spot

    def _stayed(self) -> Spot | None:
        """Return the page once it is clear that it stays, or has come anew; its opener if its window closed."""
        if self._spot.window.is_closed():
            return self._desk.front()
        here = self._see_here(wait=WATCH_EVERY)
        if here is None or not here.ready or (here.leaving and not self._desk.windows.downloading()):
            return None
        return self._spot if self._is_old(here) else self._desk.put_in_front(self._spot.name)

    def _came(self) -> Spot | None:
        shared = self._shared()
        target = self._see_both() if shared else self._see_target(wait=WATCH_EVERY, since=self._before.target)
        if target is not None and (self._answers(target) or self._handed_back(target)):
            return self._desk.put_in_front(self._to or self._spot.name)
        if self._spot.page.refused and self._says_no(target if shared else self._see_here()):
            return self._desk.put_in_front(self._spot.name)
        return None

    def _answers(self, target: Sight) -> bool:
        """Tell whether *target* is the page that the map declares, come by this press."""
        before = self._before
        new = before.target is None or target.document != before.target.document
        if (new or not before.was_there) and self._desk.stands(self._target, target):
            return True
        if new and target.ready:
            self._refuse_failure(target)
        return False

    def _handed_back(self, target: Sight) -> bool:
        """Tell whether a pop-up has closed itself and left the page that it was opened from, as declared."""
        opener = self._spot.opener
        closed = self._spot.window.is_closed() and opener is not None and opener.name == self._to
        return closed and self._desk.stands(self._target, target)

    def _refuse_failure(self, target: Sight) -> None:
        frame = self._frame(self._target)
        if frame is not None and frame.url.startswith(FAILED_PAGE):
            raise ApplicationException(self._desk.also(f"{self._doing}: no answer came, the connection failed"))
        if target.status >= REFUSAL:
            raise ApplicationException(self._desk.also(f"{self._doing}: the answer was HTTP {target.status}"))

    def _says_no(self, here: Sight | None) -> bool:
        """Tell whether the pressed page shows a refusal that it did not show before."""
        if here is None or here.leaving or not here.ready:
            return False
        return here.refusal not in ("", self._before.here.refusal if self._is_old(here) else "")

    def _is_old(self, here: Sight) -> bool:
        return here.document == self._before.here.document

    def _see_here(self, *, wait: float = 0.0) -> Sight | None:
        frame = self._own_frame()
        return look(frame, texts(self._spot.page), self._spot.page.refused, wait=wait) if frame else None

    def _see_target(self, *, wait: float = 0.0, since: Sight | None = None) -> Sight | None:
        frame, page = self._frame(self._target), self._target
        return look(frame, texts(page), page.refused, wait=wait, since=since) if frame else None

    def _see_both(self) -> Sight | None:
        """Look once for what both pages are told by, where the next one comes in place of this one."""
        frame = self._own_frame()
        wanted = {*texts(self._spot.page), *texts(self._target)}
        refused, since = self._spot.page.refused, self._before.here
        return look(frame, wanted, refused, wait=WATCH_EVERY, since=since) if frame else None

    def _shared(self) -> bool:
        return self._own_frame() is self._frame(self._target)

    def _frame(self, page: Page) -> Frame | None:
        return self._desk.windows.frame(page)

    def _own_frame(self) -> Frame | None:
        return self._desk.windows.frame_in(self._spot.window, self._spot.page)
