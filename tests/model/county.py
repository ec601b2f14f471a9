"""A simulated system and its clock: it loses answers, saves late, refuses, cuts values; its search never lies."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

SETTLE = 5.0
"""Seconds after a press within which the system shows an entry, unless it holds on to it for `HELD` seconds."""

SHOWS_AFTER = 1.0
"""Seconds for which the search does not show a new entry yet."""

LATE, HELD = 3.0, 60.0


class Clock:
    """The only clock of a history; it stands until somebody moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 8, 5, tzinfo=UTC)

    def now(self) -> datetime:
        """Return this moment, in place of `rpa.clock.now`."""
        return self.at

    def running(self) -> int:
        """Return the milliseconds that the machine has been running, in place of `uptime._running`."""
        return int(self.at.timestamp() * 1000)

    def passes(self, seconds: float) -> None:
        """Let time go by."""
        self.at += timedelta(seconds=seconds)


class Answer(StrEnum):
    """What the system makes of one press of Save."""

    SAVED = "saved"
    LOST = "saved, and the answer is lost"
    LATE = "saved some seconds later, and the answer is lost"
    HELD = "saved long after the time to settle, and the answer is lost"
    DROPPED = "not saved, and the answer is lost"
    REFUSED = "not saved, and refused in words"
    SAVED_REFUSED = "saved, and refused in words all the same"
    CUT = "saved with another amount"


SAVES = {
    Answer.SAVED: 0.0,
    Answer.LOST: 0.0,
    Answer.LATE: LATE,
    Answer.HELD: HELD,
    Answer.SAVED_REFUSED: 0.0,
    Answer.CUT: 0.0,
}
"""Seconds from the press to the entry; where there is none, nothing is ever saved."""

ANSWERED = frozenset({Answer.SAVED, Answer.CUT})
REFUSING = frozenset({Answer.REFUSED, Answer.SAVED_REFUSED})


@dataclass(frozen=True, kw_only=True)
class Row:
    """An entry of the system; *by* is `us` or a clerk, *at* when it is saved."""

    number: str
    amount: str
    by: str
    at: datetime


@dataclass
class County:
    """What the system holds, and what it is still saving."""

    clock: Clock
    rows: list[Row] = field(default_factory=list)

    def save(self, number: str, amount: str, by: str, answer: Answer) -> None:
        """Take a form in."""
        after = SAVES.get(answer)
        if after is not None:
            amount = amount[:-1] if answer is Answer.CUT else amount
            at = self.clock.at + timedelta(seconds=after)
            self.rows.append(Row(number=number, amount=amount, by=by, at=at))

    def search(self, number: str) -> list[Row]:
        """Return the entries that the search shows now."""
        shown = self.clock.at - timedelta(seconds=SHOWS_AFTER)
        return [row for row in self.rows if row.number == number and row.at <= shown]

    def at_rest(self, number: str) -> bool:
        """Tell whether nothing is still being saved under this number."""
        return len(self.search(number)) == len(self.all(number))

    def all(self, number: str, by: str | None = None) -> list[Row]:
        """Return what is or will be saved under this number."""
        return [row for row in self.rows if row.number == number and by in (None, row.by)]
