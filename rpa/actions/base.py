"""What an action works with: the session, the record's values, the row that was found, what was kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from rpa.browser.form import ScreenRow
from rpa.browser.screen import Screen
from rpa.browser.session import Session
from rpa.definitions.step import REFERENCE
from rpa.definitions.system import ScreenField
from rpa.errors import ApplicationException, ScreenDiffers
from rpa.fields.base import ScreenValue
from rpa.fields.show import plain, to_screen
from rpa.records import Record
from rpa.work import Receipt

_COLUMN = ScreenField(label="column")


@dataclass
class Stage:
    """Where the steps of one entry are acted out.

    *receipts* are those of the record's other entries, *document* finds the stored copy of one of its documents.
    *row* is what `find` found, *kept* what `keep` kept, *verdicts* what `expect` saw. *entered* are the values on
    the current page that a read-back must still confirm.
    """

    session: Session
    record: Record
    receipts: Mapping[str, Receipt]
    document: Callable[[str], Path]
    row: ScreenRow | None = None
    kept: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    entered: dict[str, ScreenValue] = field(default_factory=dict)

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
        value = self.record.fields[name]
        return to_screen(
            value.kind,
            value.value,
            screen_format=screen_field.format,
            options=screen_field.options,
            parts=[part.format for part in screen_field.parts],
            personal=value.personal,
        )

    def cell_value(self, text: str) -> ScreenValue:
        """Return what *text* means in a column of a table, which has no format of its own."""
        return self.value(text, _COLUMN)

    def values(self, target: Mapping[str, str]) -> dict[str, ScreenValue]:
        """Return the values for the named fields of the current page."""
        fields = self.screen.page.fields
        return {name: self.value(text, fields[name]) for name, text in target.items()}

    def kept_by(self, entry: str, name: str) -> str:
        """Return what another entry of the record kept under *name*."""
        try:
            return self.receipts[entry].kept[name]
        except KeyError:
            raise ApplicationException(f"{entry} has kept no {name} for this record yet") from None

    def forget_page(self) -> None:
        """Note that the page in front changes: nothing that was entered is left to be read back."""
        self.entered.clear()
        self.row = None


class ActionPart(Protocol):
    """One verb: how it is done on a stage. A Python action of a bot is such an object too."""

    def __call__(self, stage: Stage, target: Any) -> None:
        """Do the step; raise `BusinessException` or `ApplicationException` if it can't be done."""
        ...


def confirm_entered(stage: Stage) -> None:
    """Require that the screen shows what was meant, for everything entered on the page in front.

    A page may move the focus, wipe or reset a field after it was entered; only a look at the whole form tells.
    """
    differing = stage.screen.differs(stage.entered) if stage.entered else []
    stage.entered.clear()
    if differing:
        raise ScreenDiffers(f"{stage.screen.name}: {', '.join(differing)} did not keep what was entered")
