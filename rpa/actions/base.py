"""What an action works with: the session, the record's values, the row that was found, what was kept."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from rpa.browser.form import ScreenRow
from rpa.browser.screen import Screen
from rpa.browser.session import Session
from rpa.definitions.step import REFERENCE, Step
from rpa.definitions.system import ScreenField
from rpa.errors import ApplicationException, BusinessException, ScreenDiffers
from rpa.fields.base import ScreenValue
from rpa.fields.show import plain, to_screen
from rpa.records import FieldValue, Record
from rpa.work import Receipt

_COLUMN = ScreenField(label="column")

Watching = Callable[[Sequence[Step]], AbstractContextManager[None]]
"""Told which steps are acted out within the block."""

Names = dict[str, dict[str, str]]
"""By page and field of the screen: the name of a part of the record."""

FIXED = "(fixed)"
"""Stands for a text that the bot's definition gives, the same for every record."""


@dataclass
class Entered:
    """What was entered on one page since the last `open`: values and names of files, by field.

    *unread* are the fields that were entered since the last press.
    """

    screen: Screen
    values: dict[str, ScreenValue] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def lost(self, names: Collection[str]) -> list[str]:
        """Return which of the fields do not show what was entered."""
        values = {name: value for name, value in self.values.items() if name in names}
        files = {name: file for name, file in self.files.items() if name in names}
        differing = self.screen.differs(values) if values else []
        return differing + [name for name, file in files.items() if not self.screen.holds(name, file)]


@dataclass
class Stage:
    """Where the steps of one entry are acted out.

    *receipts* are those of the record's other entries, *document* finds the stored copy of one of its documents.
    *row* is what `find` found, *kept* what `keep` kept, *verdicts* what `expect` saw. *entered* is, by page, what
    a read-back has to confirm. *meant*, *written* and *compared* are for the audit trail, by page and field: what
    part of the record belongs there, was entered there, and was compared with what stood there. Names alone.
    Each list of steps is acted out within *watching*, so that somebody may take its time.
    """

    session: Session
    record: Record
    receipts: Mapping[str, Receipt]
    document: Callable[[str], Path]
    row: ScreenRow | None = None
    kept: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    entered: dict[str, Entered] = field(default_factory=dict)
    meant: Names = field(default_factory=dict)
    written: Names = field(default_factory=dict)
    compared: Names = field(default_factory=dict)
    watching: Watching = lambda _steps: nullcontext()

    @property
    def screen(self) -> Screen:
        """The page that is in front."""
        return self.session.screen

    def value(self, text: str, screen_field: ScreenField) -> ScreenValue:
        """Return what *text*, a `$reference` or the text itself, means for a field of the screen."""
        match = REFERENCE.fullmatch(text)
        if match is None:
            return plain(text)
        name, part = match.groups()
        if part is not None:
            return plain(self.kept_by(name, part))
        value = self._field(name)
        return to_screen(
            value.kind,
            value.value,
            screen_format=screen_field.format,
            options=screen_field.options,
            parts=[part.format for part in screen_field.parts],
            personal=value.personal,
        )

    def _field(self, name: str) -> FieldValue:
        try:
            return self.record.fields[name]
        except KeyError:
            raise BusinessException(f"{name} could not be read for this record", field=name) from None

    def cell_value(self, text: str) -> ScreenValue:
        """Return what *text* means in a column of a table, which has no format of its own."""
        return self.value(text, _COLUMN)

    def values(self, target: Mapping[str, str]) -> dict[str, ScreenValue]:
        """Return the values for the named fields of the current page."""
        fields = self.screen.page.fields
        self.meant.setdefault(self.screen.name, {}).update((name, part_of(text)) for name, text in target.items())
        return {name: self.value(text, fields[name]) for name, text in target.items()}

    def kept_by(self, entry: str, name: str) -> str:
        """Return what another entry of the record kept under *name*."""
        try:
            return self.receipts[entry].kept[name]
        except KeyError:
            raise ApplicationException(f"{entry} has kept no {name} for this record yet") from None

    def fill(self, values: Mapping[str, ScreenValue]) -> None:
        """Enter values on the page in front, and remember them for the read-back."""
        self.screen.fill(values)
        self.remember(values)

    def remember(self, values: Mapping[str, ScreenValue]) -> None:
        """Note what was entered on the page in front and has to be read back."""
        here = self._here()
        self.name(self.written, values)
        here.values.update(values)
        here.unread.update(values)

    def attach(self, name: str, path: Path) -> None:
        """Give a file to a field of the page in front, and remember it for the read-back."""
        self.screen.attach(name, path)
        here = self._here()
        here.files[name] = path.name
        here.unread.add(name)

    def name(self, names: Names, fields: Collection[str]) -> None:
        """Note for the audit trail what part of the record each of the *fields* of the page in front is about."""
        page = self.screen.name
        meant = self.meant.get(page, {})
        names.setdefault(page, {}).update((field, meant.get(field, FIXED)) for field in fields)

    def forget(self) -> None:
        """Note that a page is opened anew: nothing that was entered is left to be read back."""
        self.entered.clear()
        self.row = None

    def _here(self) -> Entered:
        screen = self.screen
        here = self.entered.setdefault(screen.name, Entered(screen))
        here.screen = screen
        return here

    def standing(self) -> Iterator[Entered]:
        """Yield what was entered on the page in front, and on those still there in other frames and windows."""
        front = self.screen
        for name, one in self.entered.items():
            if name == front.name:
                yield self._here()
            elif not one.screen.in_place_of(front) and one.screen.stands():
                yield one


class ActionPart(Protocol):
    """One verb: how it is done on a stage. A Python action of a bot is such an object too."""

    def __call__(self, stage: Stage, target: Any) -> None:
        """Do the step; raise `BusinessException` or `ApplicationException` if it can't be done."""
        ...


def part_of(text: str) -> str:
    """Return the name in a `$reference`; `FIXED` for the text itself, which is the definition's."""
    return text[1:] if REFERENCE.fullmatch(text) else FIXED


def aim(stage: Stage, button: str) -> None:
    """Require that everything entered shows, on all pages that are there, and that *button* can be pressed.

    A page may move the focus, wipe or reset a field after it was entered, and so may what was pressed in between;
    only a look at the whole form tells. Nothing is pressed. The press that follows reads the page in front again.
    """
    meant = read_back(stage, lambda one: {*one.values, *one.files})
    stage.screen.aim(button, showing=meant)
    if meant:
        stage.entered[stage.screen.name].unread.update(meant)


def fill_and_aim(stage: Stage, values: Mapping[str, ScreenValue], button: str) -> None:
    """Fill in the last fields and `aim`, in one call where all that was entered stands on the page in front."""
    screen = stage.screen
    if any(one.files or one.screen.name != screen.name for one in stage.standing()):
        stage.fill(values)
        aim(stage, button)
        return
    earlier = stage.entered[screen.name].values if screen.name in stage.entered else {}
    screen.fill_and_aim(values, button, showing={**earlier, **values})
    stage.remember({**earlier, **values})


def read_back(stage: Stage, which: Callable[[Entered], Collection[str]]) -> dict[str, ScreenValue]:
    """Require that pages and file fields show what was meant, and return what the page in front has to show.

    That one is read in the call that finds where to press on it.
    """
    meant: dict[str, ScreenValue] = {}
    for one in stage.standing():
        names = set(which(one))
        if one.screen.name == stage.screen.name:
            meant = {name: value for name, value in one.values.items() if name in names}
        lost = one.lost(names - meant.keys())
        if lost:
            raise ScreenDiffers(f"{one.screen.name}: {', '.join(lost)} did not keep what was entered")
    for one in stage.entered.values():
        one.unread.clear()
    return meant
