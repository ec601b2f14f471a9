"""A system: a legacy web application and the map of its pages. The only place for selectors and formats."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from rpa.definitions.base import Definition, MaybeEmpty
from rpa.definitions.bot import Duration, Steps
from rpa.definitions.value import Texts
from rpa.definitions.window import Window
from rpa.url import Url, leads_somewhere


def _labelled(value: Any) -> Any:
    return {"label": value} if isinstance(value, str) else value


def _or_label(kind: Any) -> BeforeValidator:
    return BeforeValidator(_labelled, json_schema_input_type=str | kind)


class _Target(Definition):
    label: str | None = None
    """What a person reads beside, above or on it."""
    css: str | None = None
    """Last resort: a CSS selector."""
    nth: Annotated[int | None, Field(ge=1)] = None
    """Which one, from 1, where the page shows several alike."""


class _Located(_Target):
    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if (self.label is None) == (self.css is None):
            msg = "give a `label` (what a person reads) or, as the last resort, a `css` selector"
            raise ValueError(msg)
        return self


class Part(_Located):
    """One box of a value that the screen splits, such as the month of a date."""

    format: str | None = None
    """How this box is written: `MM`, `DD`, `YYYY`."""


class ScreenField(_Target):
    """A field on a page: to enter, to read, or both."""

    format: str | None = None
    """How the screen writes it: `MM/DD/YYYY`, `#,##0.00`."""
    options: dict[str, MaybeEmpty] = {}
    """What the record holds, and what the screen then says."""
    parts: list[Annotated[Part, _or_label(Part)]] = []
    """The boxes of a value that the screen splits."""
    keys: bool = False
    """Whether to type with real keys (masks, suggestions) instead of entering the whole text at once."""
    pattern: str | None = None
    """Regular expression that cuts the value out of a longer text; its first group, or all of it."""
    add: str | None = None
    """Two-pane lists: the control that moves what is marked to the chosen pane."""
    chosen: str | None = None
    """CSS selector of where what was chosen stands: the second pane of a list, or the tags beside a box."""

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if sum((self.label is not None, self.css is not None, bool(self.parts))) != 1:
            msg = "give a `label` (what a person reads), `parts` or, as the last resort, a `css` selector"
            raise ValueError(msg)
        return self


class Button(_Located):
    """A button, link or image that is pressed."""

    to: str | None = None
    """The page that comes next; the press waits until it is there. Without it the page stays."""


class Table(Definition):
    """A table on a page, known by its headings."""

    columns: Annotated[dict[str, str], Field(min_length=1)]
    """Its columns: a name, and the heading on the screen."""
    css: str | None = None
    """Last resort: a CSS selector of the table."""
    empty: Texts = ()
    """The text that the page shows when nothing matches."""
    more: Texts = ()
    """The text that the page shows when further rows are on another page, such as `Next page`: that a record is
    not in the table is then never believed, and the search has to be narrower."""
    buttons: dict[str, Annotated[Button, _or_label(Button)]] = {}
    """What can be pressed on a row."""


class Page(Definition):
    """One page of the system as staff know it."""

    path: str | None = None
    """Address below the system's `url`."""
    via: str | None = None
    """The page whose button leads here, where there is no address."""
    frame: Texts = ()
    """Name of the frame it stands in; nested frames from the outside in."""
    window: str | None = None
    """Name of the pop-up window it opens in."""
    see: str | None = None
    """A text that proves that this page is there."""
    fields: dict[str, Annotated[ScreenField, _or_label(ScreenField)]] = {}
    """What can be entered or read, by name."""
    buttons: dict[str, Annotated[Button, _or_label(Button)]] = {}
    """What can be pressed, by name."""
    tables: dict[str, Table] = {}
    """What can be searched, by name."""
    dialogs: dict[str, Literal["accept", "dismiss"]] = {}
    """Text of a dialog that may appear, and the answer. Any other dialog is an application exception."""
    refused: Texts = ()
    """CSS selectors of where this page says no; a visible text there is what the system answers."""


def _addressed(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


class Host(Definition):
    """An address beside the system's own `url` that its pages may load from or lead to."""

    url: Annotated[str, Field(pattern=r"^https?://[^/?#@]+/?$"), AfterValidator(leads_somewhere)]
    """Scheme, host and, where it is not the usual one, port: `https://static.county.example:8443`."""
    private: bool = False
    """Whether its name may mean a machine inside your network, or this one; else that is refused."""


class Disclosure(Definition):
    """To whom a record is given away by entering it, where the system is another agency's (5 U.S.C. 552a(c))."""

    recipient: str
    """Name of the agency or person that receives it."""
    address: str
    """Their address."""
    purpose: str
    """What they receive it for."""
    nature: str = ""
    """What they receive; without it, the names of the fields that are entered."""
    authority: str = ""
    """What allows it, such as `5 U.S.C. 552a(b)(3)`."""


class SignedOut(Definition):
    """How the system says that the session is over."""

    see: str
    """The text that it shows."""


class System(Definition):
    """A legacy web application and the map of its pages, shared by every bot."""

    system: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """The system's name, in small letters, digits and underscores."""
    about: str = ""
    """What it is, in a sentence."""
    url: Url
    """Where it starts, with `http://` or `https://`; `rpa.toml` may give another for this machine."""
    hosts: tuple[Annotated[Host, BeforeValidator(_addressed, json_schema_input_type=str | Host)], ...] = ()
    """Other addresses that its pages load from or lead to. No page reaches anything else."""
    credential: str | None = None
    """Name in the secret store, never a value."""
    sessions: Annotated[int, Field(ge=1, le=64)] = 1
    """How many may be signed in at once, from 1 to 64."""
    settle: Duration = timedelta(seconds=30)
    """How long after a press it may take to show the entry."""
    timeout: Duration = timedelta(seconds=20)
    """How long a page may take to answer."""
    window: Window | None = None
    """When it may be used; outside of these hours its work waits."""
    pause_after: Annotated[int, Field(ge=1, le=100)] = 5
    """Application exceptions in a row, from 1 to 100, after which its work waits and is tried one at a time."""
    pictures: bool = True
    """Whether masked pictures are kept as evidence: of the form before the press, and of what came of it."""
    disclosure: Disclosure | None = None
    """To whom a record is disclosed by entering it here; each entry is then accounted for in the audit log."""
    login: Steps | None = None
    """How to sign in; ends with `see`."""
    logout: Steps | None = None
    """How to sign out, for a system that counts who is signed in; ends with `see`."""
    signed_out: SignedOut | None = None
    """How it says that it wants a sign-in."""
    sign_in_refused: Texts = ()
    """CSS selectors of where a refused sign-in is told."""
    pages: Annotated[dict[str, Page], Field(min_length=1)]
    """The map: each page under the name that staff use."""

    def opens(self, at: datetime) -> datetime | None:
        """Return when it opens, where it is closed *at* this moment; None where it may be used."""
        closed = self.window is not None and not self.window.is_open(at)
        return self.window.next_opening(at) if self.window is not None and closed else None
