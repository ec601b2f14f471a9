"""Tables of results on the screen, known by their headings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Frame

from rpa.browser import inpage
from rpa.browser.problems import check
from rpa.definitions.system import Table


@dataclass(frozen=True)
class ScreenRow:
    """A row as it was read: its texts by the names of the columns, and where it stands in its table, from 0."""

    texts: Mapping[str, str] = field(repr=False)
    index: int
    table: Table = field(repr=False)

    def job(self) -> dict[str, object]:
        """Return what the scripts need to find the row again; it has to show the same texts."""
        return {"index": self.index, "texts": dict(self.texts), "table": table_job(self.table)}


def rows(frame: Frame, table: Table) -> list[ScreenRow] | None:
    """Return the rows that the innermost table with these headings shows; None where there is no such table.

    Raises `NotOnScreen` where several tables, or two columns of it, have the same headings.
    """
    name = ", ".join(table.columns.values())
    found = check(name, inpage.call(frame, "rows", table_job(table)))["rows"]
    return found if found is None else [ScreenRow(one["texts"], one["index"], table) for one in found]


def table_job(table: Table) -> dict[str, object]:
    """Return how the scripts find a table."""
    return {"columns": table.columns, "css": table.css}
