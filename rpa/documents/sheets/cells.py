"""Cells as a person sees them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from rpa.documents.sheets.number_format import shown

NO_RESULT = "holds a formula whose result is not stored: open the workbook in Excel, save it and try again"
"""What a clerk is told of a formula without a result."""


class Shown(NamedTuple):
    """The text of a cell, or in *fault* why none can be trusted; cells of one *look* are formatted alike."""

    text: str = ""
    fault: str = ""
    look: int = 0

    @property
    def blank(self) -> bool:
        """Whether nothing stands there, not even an error."""
        return not self.text and not self.fault


BLANK = Shown()
LOST = "\N{REPLACEMENT CHARACTER}"
"""What stands for a byte that is no letter of the text's encoding."""


def shown_text(text: str) -> Shown:
    """Return how a text is seen that was decoded of bytes: a fault where one of its letters is lost."""
    kept = clean(text)
    return Shown(fault="holds a letter that was damaged on its way: correct it") if LOST in kept else Shown(kept)


class Line(NamedTuple):
    """One row of a table: its number, how many cells it has, and what draws each of them.

    Columns count from 0. A cell is drawn when it is asked for: most columns of a list are not wanted.
    """

    number: int
    width: int
    draw: Callable[[int], Shown]
    draw_some: Callable[[Sequence[int]], list[Shown]] | None = None
    """Draws several cells at once, where that is quicker than one by one."""

    def at(self, column: int) -> Shown:
        """Return the cell of a column."""
        return self.draw(column) if column < self.width else BLANK

    def pick(self, columns: Sequence[int]) -> list[Shown]:
        """Return the cells of some columns."""
        if self.draw_some is not None:
            return self.draw_some(columns)
        draw, width = self.draw, self.width
        return [draw(column) if column < width else BLANK for column in columns]

    def cells(self) -> list[Shown]:
        """Return every cell."""
        return [self.draw(column) for column in range(self.width)]


def shown_cell(cell: Any) -> Shown:
    """Return how a cell of the library for workbooks is seen."""
    look = getattr(cell, "_style_id", 0)
    if cell.data_type == "e":
        return error_shown(cell.value, look)
    return Shown("" if cell.value is None else text_of(cell.value, cell.number_format), look=look)


def error_shown(error: Any, look: int) -> Shown:
    """Return how a cell is seen that holds an error such as #N/A."""
    return Shown(fault=f"holds the error {error}: correct the cell", look=look)


def text_of(value: Any, number_format: str) -> str:
    """Return the text of a value; days are 2026-11-02 whatever their format, with 14:30 where they have a time."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return shown(value, number_format)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, timedelta):
        return _duration(value)
    return value.isoformat() if isinstance(value, date) else clean(str(value))


def clean(text: str) -> str:
    """Return text as it is seen: no-break spaces are spaces, and spaces at the ends are nothing."""
    return text.replace("\u00a0", " ").replace("\r\n", "\n").replace("_x000D_", "").strip()


def _moment(moment: datetime) -> str:
    """Binary fractions of a day are off by microseconds; the nearest second is meant."""
    rounded = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    day = rounded.date().isoformat()
    return day if rounded.time() == time() else f"{day} {_clock(rounded.time())}"


def _clock(clock: time) -> str:
    return clock.isoformat("seconds" if clock.second else "minutes")


def _duration(duration: timedelta) -> str:
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    text = f"{minutes // 60}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text
