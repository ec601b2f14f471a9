"""The ledger's figures, counted once a minute at most: who looks at them must not keep it busy, nor wait."""

import time
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock

from rpa import clock
from rpa.console import figures
from rpa.store.forecast import Forecast
from rpa.store.insight import Cause, Through
from rpa.store.store import Store

FRESH = 60.0
"""Seconds for which figures are not counted again."""

KEPT = 15 * 60.0
"""Seconds for which figures are shown at once, and counted again behind the answer."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """What was counted *at* a moment: entries by day and by (bot, entry), why people are needed, what is left."""

    at: datetime
    entered: dict[date, int]
    entered_by: dict[tuple[str, str], int]
    through: list[Through]
    causes: list[Cause]
    ages: list[int]
    forecasts: list[Forecast]


@dataclass
class Counted:
    """The last count of one ledger."""

    _last: Count | None = None
    _began: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def of(self, store: Store) -> Count:
        """Return the figures, counted now where the last ones are too old to be shown."""
        last, began = self._last, self._began
        return last if last is not None and time.monotonic() < began + KEPT else self.renew(store)

    def renew(self, store: Store) -> Count:
        """Return fresh figures; who comes while they are counted waits for them."""
        with self._lock:
            began = time.monotonic()
            if self._last is None or began >= self._began + FRESH:
                self._last, self._began = count(store), began
            return self._last


def count(store: Store) -> Count:
    """Count everything now."""
    insight = store.insight
    now = clock.now()
    days = figures.days(now.astimezone().date())
    edges = figures.edges(days)
    return Count(
        at=now,
        entered=dict(zip(days, insight.entered(edges), strict=True)),
        entered_by=dict(insight.entered_by(edges[0])),
        through=insight.through(edges[0]),
        causes=insight.causes(),
        ages=figures.ages(insight, now),
        forecasts=store.forecasts(),
    )
