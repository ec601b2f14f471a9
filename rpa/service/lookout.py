"""Looks every few minutes for what will miss its deadline, so that people are told in time."""

import time
from dataclasses import dataclass

from rpa.store.store import Store

EVERY = 300.0
"""Seconds between two looks: each one counts the whole queue."""


@dataclass
class Lookout:
    """The look-out of one service; `look` is called again and again."""

    store: Store
    _next: float = 0.0

    def look(self) -> None:
        """Write down what will be late where it is time; answer at once otherwise."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self.store.warn_of_deadlines()
