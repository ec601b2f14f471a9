"""How urgent a work item is, and when its turn is: what has the earliest turn is taken first. No I/O.

    turn = due + (priority - 100) days

Due is its deadline, at the earliest the moment at which it came and at the latest 30 days later; without a
deadline, 30 days later. So among equal priorities the nearest deadline goes first, then the oldest, and each step
of priority is worth a day. A turn stands still, and those of newer ones lie ever later: one of priority p is never
overtaken by one of priority q that comes more than 30 + p - q days after it, however many come.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

ORDINARY = 100
"""The priority of what nothing is said about; a smaller number goes first."""

MOST_URGENT, LEAST_URGENT = 1, 999

PATIENCE = timedelta(days=30)
"""How long after it came a work item without a deadline counts as due."""

STEP = timedelta(days=1)
"""What one step of priority is worth."""


@dataclass(frozen=True)
class Urgency:
    """What a bot says of a record: its *priority*, and its *deadline*, the last moment at which it is in time."""

    priority: int = ORDINARY
    deadline: datetime | None = None

    def turn(self, came: datetime) -> datetime:
        """Return when it is the turn of a work item that *came* at this moment."""
        latest = came + PATIENCE
        due = latest if self.deadline is None else min(max(self.deadline, came), latest)
        return due + (self.priority - ORDINARY) * STEP


USUAL = Urgency()
"""The urgency of what nothing is said about."""
