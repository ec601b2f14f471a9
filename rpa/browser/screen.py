"""A page of the system in front of us: what can be entered, read and pressed on it."""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Frame
from playwright.sync_api import Page as Window

from rpa.browser import form
from rpa.browser.absence import Listing, doubt
from rpa.browser.desk import Desk, Spot
from rpa.browser.form import ScreenRow
from rpa.browser.inpage import PageWentAway
from rpa.browser.press import Press
from rpa.browser.sight import look
from rpa.browser.tables import rows_and_look
from rpa.browser.wording import on_page, told
from rpa.definitions.system import Button, Page, ScreenField, Table
from rpa.errors import ApplicationException, DefinitionError, NotOnScreen
from rpa.fields.base import ScreenValue

_T = TypeVar("_T")

Shown = Mapping[str, ScreenValue]
"""What fields of a page have to show, by their names on the map."""


class Screen:
    """A page of the map, there and whole when it was given out.

    What the map promises and is not there yet is waited for, as long as the system may take. Every method raises
    `ApplicationException` where the system or the browser fails, `NotOnScreen` where the map is wrong, and
    `SignedOut` where the system asks to sign in. Messages name fields, never values.
    """

    def __init__(self, desk: Desk, spot: Spot) -> None:
        self._desk = desk
        self._spot = spot

    @property
    def name(self) -> str:
        """The page's name on the map."""
        return self._spot.name

    @property
    def page(self) -> Page:
        """The page's map."""
        return self._spot.page

    @property
    def window(self) -> Window:
        """The browser window in which it stands."""
        return self._spot.window

    @property
    def desk(self) -> Desk:
        """The session's windows."""
        return self._desk

    def fill(self, values: Mapping[str, ScreenValue]) -> None:
        """Make the fields show *values*; each is read back."""
        desk, meant = self._desk, self._meant(values)
        self._do("fill", lambda frame: form.fill(frame, meant, timeout=desk.seconds, home=desk.home))

    def read(self, names: Collection[str]) -> dict[str, str]:
        """Return what the fields show."""
        return self._do("read", lambda frame: form.read(frame, self._fields(names)))

    def shown(self, names: Collection[str]) -> list[str]:
        """Return what those of the fields show that are on the screen now; nothing is waited for."""
        texts: list[str] = []
        for name, field in self._fields(names).items():
            with suppress(ApplicationException), told(self.name), self._desk.limited():
                texts += form.read(self._frame(), {name: field}).values()
        return texts

    def differs(self, values: Mapping[str, ScreenValue]) -> list[str]:
        """Return the names of the fields that do not show what is meant.

        A press after this is made in the same document or not at all.
        """

        def compare(frame: Frame) -> list[str]:
            wrong, self._spot.checked = form.matches(frame, self._meant(values), self._desk.home)
            return wrong

        return self._do("read back", compare)

    def stands(self) -> bool:
        """Tell whether the page is still there, in front or not."""
        return not self.window.is_closed() and self._desk.there(self.page) is not None

    def in_place_of(self, other: "Screen") -> bool:
        """Tell whether both pages stand in the same frame of the same window, so that one hides the other."""
        return self.window is other.window and self.page.frame == other.page.frame

    def holds(self, field: str, file: str) -> bool:
        """Tell whether a file field still shows the file, or the page names it."""
        target = self._fields([field])[field]
        return self._do(f"read back {field}", lambda frame: form.holds(frame, target, file))

    def attach(self, field: str, path: Path) -> None:
        """Give a file to a file field."""
        target = self._fields([field])[field]
        self._do(f"attach to {field}", lambda frame: form.attach(frame, target, path, self._desk.home))

    def aim(self, name: str, *, row: ScreenRow | None = None, showing: Shown | None = None) -> None:
        """See that the mouse would reach the button, and that the fields then show *showing*; nothing is pressed.

        Raises `ScreenDiffers` where they do not. A press after this is made in the same document or not at all.
        """
        aimed = self._aim(name, self._button(name, row), row, showing)
        if showing:
            self._spot.checked = aimed.seen.document

    def fill_and_aim(self, values: Shown, name: str, *, showing: Shown) -> None:
        """Do `fill` and then `aim`, in one call into the page where that is enough."""
        aimed = self._filled_and_aimed(values, self._button(name, None), showing)
        if aimed is None:
            self.fill(values)
            self.aim(name, showing=showing)
        else:
            self._spot.checked = aimed.seen.document

    def _filled_and_aimed(self, values: Shown, button: Button, showing: Shown) -> form.Aim | None:
        frame, desk = self._desk.windows.frame_in(self.window, self.page), self._desk
        if frame is None:
            return None
        entering, meant = self._meant(values), self._meant(showing)
        with self._alert(), desk.limited(), on_page(self.name), told("fill"):
            return form.fill_and_aim(frame, entering, button, meant, timeout=desk.seconds, home=desk.home)

    def press(self, name: str, *, row: ScreenRow | None = None, showing: Shown | None = None) -> "Screen":
        """Press a button once, on *row* or on the page, and return the page that came of it.

        Right before, the fields are read back; `ScreenDiffers` where they do not show *showing*.
        That is the page which the map says comes next; the same page where the map says nothing, or where the
        system says no on it (ask `refusal`); the opener where a pop-up closes itself. Whatever goes wrong from the
        click on is a `PressUnanswered`: the press may have landed. It is never repeated here.
        """
        button = self._button(name, row)
        with self._alert(), self._desk.limited():
            try:
                press, place = self._prepared(name, button, row, showing)
            except (NotOnScreen, PageWentAway):
                self._aim(name, button, row, showing)  # waits until it can be pressed
                press, place = self._prepared(name, button, row, showing)
        return Screen(self._desk, press.click(*place))

    def rows(self, table: str) -> list[ScreenRow] | None:
        """Return the rows that the table shows now; None where it is not there."""
        self._spot.listed = None
        quiet = self._desk.traffic.quiet()
        with on_page(self.name), told(f"read {table}"), self._desk.limited():
            rows, hidden, seen = rows_and_look(self._frame(), self._table(table))
        if seen.ready and not seen.leaving:
            count = None if rows is None else len(rows)
            self._spot.listed = Listing(seen.document, count, hidden, quiet)
        return rows

    def looks(self, table: str) -> Generator[list[ScreenRow], None, None]:
        """Yield what the table shows until the system's time is over, then raise what kept `absent` from yes.

        Whoever goes before that closes it.
        """
        self._spot.doubt = None
        problem: ApplicationException | None = None
        with closing(self._desk.moments()) as moments:
            for _ in moments:
                try:
                    rows, problem = self.rows(table) or [], None
                except ApplicationException as met:  # the page may be on its way to the next
                    rows, problem = [], met
                yield rows
        if problem is not None:
            raise problem
        if self._spot.doubt is not None and self._spot.doubt.reason:
            raise ApplicationException(f"{self.name}: {table}: {self._spot.doubt.reason}")

    def absent(self, table: str) -> bool:
        """Tell whether the system says that the table holds nothing more than the rows last read."""
        wanted = self._table(table)
        with self._desk.limited():
            seen = look(self._frame(), (*wanted.empty, *wanted.more))
        before = self._desk.pressed.get(seen.document) if seen else None
        quiet = self._desk.traffic.quiet()
        self._spot.doubt = doubt(wanted, self._spot.listed, seen, before, quiet=quiet)
        return self._spot.doubt is None

    def see(self, text: str) -> None:
        """Wait until a person can read *text* on the page."""

        def seen(frame: Frame) -> bool:
            sight = look(frame, [text])
            if sight is None or text not in sight.texts:
                raise NotOnScreen(f"{text!r} is not shown")
            return True

        self._do("look", seen)

    def refusal(self) -> str | None:
        """Return what the page says in the places where it says no; None where it says nothing there."""
        frame = self._desk.windows.frame_in(self.window, self.page) if self.page.refused else None
        with self._desk.limited():
            seen = look(frame, (), self.page.refused) if frame else None
        return seen.refusal or None if seen else None

    def refusal_anew(self) -> str | None:
        """Return what `refusal` does, but not what stood there before the last press: that is no answer to it."""
        said = self.refusal()
        return None if said == self._desk.refusal_before else said

    def _prepared(
        self, name: str, button: Button, row: ScreenRow | None, showing: Shown | None
    ) -> tuple[Press, form.Point]:
        """Return the press with what is there before it, and where to click; the click has to follow at once."""
        press = Press(self._desk, self._spot, name, button)
        meant, home = self._meant(showing or {}), self._desk.home
        with on_page(self.name), told(f"press {name}"):
            aimed = form.aim(self._frame(), button, row, meant, asked=press.asks(), home=home)
        press.begin(aimed.seen)
        return press, aimed.place

    def _aim(self, name: str, button: Button, row: ScreenRow | None, showing: Shown | None) -> form.Aim:
        # In short turns, so that a page that asks to sign in is told in the meantime.
        turn, meant, home = min(1.0, self._desk.seconds), self._meant(showing or {}), self._desk.home
        return self._do(
            f"press {name}", lambda frame: form.aim(frame, button, row, meant, home=home, timeout=turn)
        )

    def _do(self, doing: str, act: Callable[[Frame], _T]) -> _T:
        """Do something in the page's frame, waiting for what is not on the screen yet."""
        missing: list[ApplicationException] = []

        def attempt() -> tuple[_T] | None:
            try:
                with on_page(self.name), told(doing):
                    return (act(self._frame()),)
            except (NotOnScreen, PageWentAway) as problem:
                missing[:] = [problem]
                return None

        with self._alert():
            done = self._desk.until(attempt)
            if done is None:
                raise missing[-1]
        return done[0]

    @contextmanager
    def _alert(self) -> Iterator[None]:
        """When something fails, say rather that the system asks to sign in, if it does."""
        try:
            yield
        except ApplicationException:
            with self._desk.limited():
                self._desk.watch()
            raise
        self._desk.check()

    def _frame(self) -> Frame:
        frame = self._desk.windows.frame_in(self.window, self.page)
        if frame is None:
            raise NotOnScreen(f"its {'frame' if self.page.frame else 'window'} is not there")
        return frame

    def _fields(self, names: Collection[str]) -> dict[str, ScreenField]:
        return {name: _named(self.page.fields, name, "its map has no field") for name in names}

    def _meant(self, values: Mapping[str, ScreenValue]) -> dict[str, tuple[ScreenField, ScreenValue]]:
        return {name: (field, values[name]) for name, field in self._fields(values).items()}

    def _table(self, name: str) -> Table:
        return _named(self.page.tables, name, "its map has no table")

    def _button(self, name: str, row: ScreenRow | None) -> Button:
        known: list[Mapping[str, Button]] = [
            table.buttons for table in self.page.tables.values() if row is not None
        ]
        buttons = {one: button for some in (self.page.buttons, *known) for one, button in some.items()}
        return _named(buttons, name, "its map has no button")


def _named(known: Mapping[str, _T], name: str, lacking: str) -> _T:
    try:
        return known[name]
    except KeyError:
        raise DefinitionError(f"{lacking} {name}, only: {', '.join(known) or 'none'}") from None
