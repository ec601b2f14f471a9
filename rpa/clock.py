"""What time it is: the server's, once this process has a ledger there, and this machine's until then.

Machines share a ledger, and what one of them puts off another one takes up: if each went by its own clock, one
that is an hour wrong would have what is to wait for two minutes tried at once, or at the wrong hours. Between two
times that the server has said, this machine's running time is counted, which no setting of its clock touches.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

PROMPT = 1_000_000_000
"""Nanoseconds: an answer that took longer may be as late as that, and is asked for again."""

TRIES = 5


class _Told(NamedTuple):
    """What the server said, at which running time, give or take half of what its answer *took*."""

    moment: datetime
    running: int
    took: int


_told: _Told | None = None


def now() -> datetime:
    """Return this moment, in UTC."""
    if _told is None:
        return datetime.now(UTC)
    return _told.moment + timedelta(microseconds=(_running() - _told.running) // 1000)


def ask(server: Callable[[], datetime]) -> None:
    """Go by what the *server* says now: of a few answers, if need be, by the one that came soonest."""
    global _told  # noqa: PLW0603  # a process has one time
    told = _answer(server)
    for _ in range(TRIES - 1):
        if told.took <= PROMPT:
            break
        told = min(told, _answer(server), key=lambda one: one.took)
    _told = told


def _answer(server: Callable[[], datetime]) -> _Told:
    before = _running()
    moment = server().astimezone(UTC)
    took = _running() - before
    return _Told(moment, before + took // 2, took)


def _running() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
