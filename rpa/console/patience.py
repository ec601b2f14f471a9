"""Slows down whoever guesses passwords, and nobody else: there is no lock-out that an attacker could use."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

WINDOW = 15 * 60.0
"""Seconds for which a failure counts."""

PER_ACCOUNT, PER_ADDRESS = 8, 40
"""Failures in that time from one address: for one account, and for all accounts together."""

DELAYED_FROM, EACH, LONGEST = 20, 0.5, 10.0
"""Failures for one account from all addresses together, from which on each answer about it comes later, by so many
seconds for each further failure, and how many at most: a delay, so that nobody is locked out."""

MOST_KEYS = 10_000
"""Addresses and accounts that are remembered. Beyond, those are forgotten that say least, and none that slows
somebody down: a flood of others must not wipe out a count."""

KEPT = MOST_KEYS * 9 // 10
"""Of so many they are left, so that not every further one has them sorted."""


@dataclass
class Patience:
    """Counts failed sign-ins by address, so that the person at their own desk can always sign in."""

    _failures: dict[tuple[str, str], deque[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, address: str, account: str) -> int:
        """Return for how many seconds no further try is looked at from there; 0 where it may be made now.

        It then counts as a failure until it has `succeeded`, so that many at the same moment are no way around.
        """
        with self._lock:
            waits = max(self._wait((address, account), PER_ACCOUNT), self._wait((address, ""), PER_ADDRESS))
            if not waits:
                self._failed((address, account), (address, ""), ("", account))
        return waits

    def failed(self, address: str, account: str) -> None:
        """Count a failure for this account from there, and for no sign-in from there."""
        with self._lock:
            self._failed((address, account))

    def delay(self, account: str) -> float:
        """Return by how many seconds an answer about this account is late, wherever somebody asks from."""
        with self._lock:
            return min(LONGEST, max(0, len(self._recent(("", account))) - DELAYED_FROM) * EACH)

    def succeeded(self, address: str, account: str) -> None:
        """Forget this try, and the failures of this account from there."""
        with self._lock:
            self._failures.pop((address, account), None)
            for key in ((address, ""), ("", account)):
                if times := self._failures.get(key):
                    times.pop()

    def take_back(self, address: str, account: str) -> None:
        """Forget this try alone. What others have guessed from there goes on to count."""
        with self._lock:
            for key in ((address, account), (address, ""), ("", account)):
                if times := self._failures.get(key):
                    times.pop()

    def is_used_up(self, address: str, account: str) -> bool:
        """Tell whether there were as many failures for this account from there as are looked at."""
        with self._lock:
            return self._wait((address, account), PER_ACCOUNT) > 0

    def _failed(self, *keys: tuple[str, str]) -> None:
        for key in keys:
            self._failures.setdefault(key, deque(maxlen=PER_ADDRESS)).append(time.monotonic())
        if len(self._failures) > MOST_KEYS:
            self._forget()

    def _forget(self) -> None:
        counts = {key: len(self._recent(key)) for key in self._failures}
        open_ = sorted((key for key in counts if counts[key] < PER_ACCOUNT), key=counts.__getitem__)
        for key in open_[:-KEPT]:  # full ones take no place from them: a new count would be forgotten at once
            del self._failures[key]

    def _wait(self, key: tuple[str, str], most: int) -> int:
        times = self._recent(key)
        return 0 if len(times) < most else int(times[-most] + WINDOW - time.monotonic()) + 1

    def _recent(self, key: tuple[str, str]) -> deque[float]:
        since = time.monotonic() - WINDOW
        times = self._failures.get(key, deque())
        while times and times[0] < since:
            times.popleft()
        return times


class Late(Response):
    """An answer that is held back, and keeps no thread from answering others meanwhile."""

    def __init__(self, answer: Response, seconds: float) -> None:
        super().__init__()
        self._answer, self._seconds = answer, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then answer."""
        await asyncio.sleep(self._seconds)
        await self._answer(scope, receive, send)
