"""Small pages of a test's own, and values to enter in them."""

from playwright.sync_api import Frame, Page

from rpa.browser.tables import ScreenRow, rows_and_look
from rpa.definitions.system import ScreenField, Table
from rpa.fields.base import ScreenValue


def value(*texts: str, shown: str | None = None, secret: bool = False) -> ScreenValue:
    """Return texts to enter; a screen shows them if it shows *shown*, by default the text itself."""
    wanted = "; ".join(texts) if shown is None else shown
    return ScreenValue(texts, lambda text: text == wanted, secret=secret)


def laid_out(window: Page, body: str) -> Frame:
    """Show a page of one's own and return its frame."""
    window.set_content(f"<!doctype html><html lang=en><title>Test</title><body>{body}</body></html>")
    return window.main_frame


def entry(label: str, *texts: str, **options: object) -> dict[str, tuple[ScreenField, ScreenValue]]:
    """Return one field by its label, with what is meant for it."""
    return {label: (ScreenField.model_validate({"label": label, **options}), value(*texts))}


def rows_of(frame: Frame, table: Table) -> list[ScreenRow] | None:
    """Return the rows that a table shows."""
    return rows_and_look(frame, table)[0]
