"""Tables of results on the screen, known by their headings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Frame

from rpa.browser import inpage
from rpa.browser.inpage import NO_ANSWER
from rpa.browser.problems import check
from rpa.browser.replies import RowsReply, understood
from rpa.browser.sight import Sight, job, sight_of
from rpa.definitions.system import Table
from rpa.errors import ApplicationException


@dataclass(frozen=True)
class ScreenRow:
    """A row as it was read: its texts by the names of the columns, and where it stands in its table, from 0."""

    texts: Mapping[str, str] = field(repr=False)
    index: int
    table: Table = field(repr=False)

    def job(self) -> dict[str, object]:
        """Return what the scripts need to find the row again; it has to show the same texts."""
        return {"index": self.index, "texts": dict(self.texts), "table": table_job(self.table)}


def rows_and_look(frame: Frame, table: Table) -> tuple[list[ScreenRow] | None, int, Sight]:
    """Return the rows that the innermost table with these headings shows; None where there is no such table.

    With them comes how many more rows are hidden, and what the page looks like in the same moment. Raises
    `NotOnScreen` where several tables, or two columns of it, have the same headings.
    """
    answer, seen = inpage.several(frame, ("rows", table_job(table)), ("sight", job()))
    return *_rows_of(table, answer), sight_of(seen)


def _rows_of(table: Table, answer: object) -> tuple[list[ScreenRow] | None, int]:
    reply = understood(RowsReply, check(", ".join(table.columns.values()), answer))
    found, lacking = reply.rows, [one for one in reply.rows or () if one.texts.keys() != table.columns.keys()]
    if lacking:
        raise ApplicationException(NO_ANSWER)
    shown = None if found is None else [ScreenRow(one.texts, one.index, table) for one in found]
    return shown, reply.hidden


def table_job(table: Table) -> dict[str, object]:
    """Return how the scripts find a table."""
    return {"columns": table.columns, "css": table.css}
