"""The system's pages as a session shows them, without a browser: what the real actions ask of a screen."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rpa.browser.egress.fuse import Armed
from rpa.browser.form import ScreenRow
from rpa.definitions.bot import Entry
from rpa.definitions.system import Page, System
from rpa.errors import ApplicationException, PressUnanswered
from rpa.fields.base import ScreenValue
from tests.model.county import ANSWERED, REFUSING, SETTLE, Answer, County, Row

SYSTEM = System.model_validate(
    {
        "system": "county",
        "url": "http://county.example",
        "settle": f"{SETTLE:.0f}s",
        "pictures": False,
        "pages": {
            "Search": {
                "path": "/search",
                "fields": {"Number": "Number"},
                "buttons": {"Search": {"label": "Search", "to": "Search"}},
                "tables": {
                    "Claims": {
                        "columns": {"Number": "Number"},
                        "empty": "No claims",
                        "buttons": {"Open": {"label": "Open", "to": "Claim"}},
                    }
                },
            },
            "New claim": {
                "path": "/new",
                "fields": {"Number": "Number", "Amount": "Amount", "Name": "Name"},
                "buttons": {"Save": {"label": "Save", "to": "Saved"}},
                "refused": ".error",
            },
            "Saved": {"fields": {"Number": "Number"}},
            "Claim": {"fields": {"Number": "Number", "Amount": "Amount"}},
        },
    }
)

ENTRY = Entry.model_validate(
    {
        "system": "county",
        "search": [
            {"open": "Search"},
            {"fill": {"Number": "$number"}},
            {"press": "Search"},
            {"find": {"Claims": {"Number": "$number"}}},
        ],
        "create": [
            {"open": "New claim"},
            {"fill": {"Number": "$number", "Amount": "$amount", "Name": "$name"}},
        ],
        "submit": [{"press": "Save"}],
        "confirm": [
            {"press": "Open"},
            {"expect": {"Number": "$number", "Amount": "$amount"}},
            {"keep": {"receipt": "Number"}},
        ],
    }
)


@dataclass
class Weather:
    """What goes wrong while one worker works: the answers to its presses, and which of its looks fail."""

    answers: list[Answer] = field(default_factory=list)
    looks_fail: frozenset[int] = frozenset()
    looks: int = 0

    def answer(self) -> Answer:
        """Return what the system makes of the next press."""
        return self.answers.pop(0) if self.answers else Answer.SAVED

    def look(self) -> None:
        """Look at the system, unless this look fails."""
        self.looks += 1
        if self.looks in self.looks_fail:
            raise ApplicationException("Search did not come")


@dataclass
class SimulatedSession:
    """A session with the simulated system. *moment* hears of each effect, *pressing* of the press that counts."""

    county: County
    weather: Weather
    moment: Callable[[], None]
    pressing: Callable[[str], None]
    system: System = SYSTEM
    said: str | None = None

    def __post_init__(self) -> None:
        self.screen = SimulatedScreen(self, "Search")

    def open(self, name: str) -> "SimulatedScreen":
        """Go to a page."""
        self.moment()
        self.said = None
        return self.come(name)

    def come(self, name: str, opened: Row | None = None) -> "SimulatedScreen":
        """Put a page in front."""
        self.screen = SimulatedScreen(self, name, opened)
        return self.screen

    @contextmanager
    def armed(self) -> Iterator[Armed]:
        """Let nothing be sent twice: what the simulated browser never does."""
        yield Armed(renewed=True)

    def refusal(self) -> str | None:
        """Return what the page in front says no with."""
        return self.said


@dataclass
class SimulatedScreen:
    """One page."""

    session: SimulatedSession
    name: str
    opened: Row | None = None
    typed: dict[str, str] = field(default_factory=dict)
    listed: list[Row] = field(default_factory=list)
    """What the search showed when it was last looked at: a row that comes later is not on the screen."""

    @property
    def page(self) -> Page:
        """The page's map."""
        return SYSTEM.pages[self.name]

    def fill(self, values: Mapping[str, ScreenValue]) -> None:
        """Type."""
        self.session.moment()
        self.typed |= {name: value.text for name, value in values.items()}

    def differs(self, _values: Mapping[str, ScreenValue]) -> list[str]:
        """Say that everything shows what was typed."""
        return []

    def aim(self, _name: str, **_shown: Any) -> None:
        """See that the button is there: it is."""

    def fill_and_aim(self, values: Mapping[str, ScreenValue], _name: str, **_shown: Any) -> None:
        """Type, and see that the button is there."""
        self.fill(values)

    def press(self, name: str, *, row: ScreenRow | None = None, showing: object = None) -> "SimulatedScreen":
        """Press a button: Save is the one that counts."""
        del showing
        self.session.moment()
        if name == "Save":
            return self._save()
        if name == "Search":
            self.session.weather.look()
            return self
        assert row is not None, "Open is pressed on a row"
        return self.session.come("Claim", self.listed[row.index])

    def _save(self) -> "SimulatedScreen":
        session, answer = self.session, self.session.weather.answer()
        session.pressing(self.typed["Number"])
        session.county.save(self.typed["Number"], self.typed["Amount"], "us", answer)
        session.moment()  # the system has it, and nobody here has heard of it yet
        if answer in ANSWERED:
            return session.come("Saved")
        if answer in REFUSING:
            session.said = f"Not possible for {self.typed['Name']}"
            return self
        raise PressUnanswered(ApplicationException("Saved did not come within 20 s"))

    def refusal(self) -> str | None:
        """Return what the page says no with."""
        return self.session.said

    def looks(self, _table: str) -> Iterator[list[ScreenRow]]:
        """Yield what the search shows."""
        table = self.page.tables["Claims"]
        self.listed = self.session.county.search(self.typed["Number"])
        yield [ScreenRow({"Number": row.number}, at, table) for at, row in enumerate(self.listed)]

    def absent(self, _table: str) -> bool:
        """Say that there are no further rows."""
        return True

    def read(self, names: Collection[str]) -> dict[str, str]:
        """Return what the opened claim shows."""
        assert self.opened is not None, "a claim is read after it was opened"
        shown = {"Number": self.opened.number, "Amount": self.opened.amount}
        return {name: shown[name] for name in names}
