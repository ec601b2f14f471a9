"""What time it is: the server's, once this process has a ledger there, and this machine's until then.

Machines share a ledger, and what one of them puts off another one takes up: if each went by its own clock, one
that is an hour wrong would have what is to wait for two minutes tried at once, or at the wrong hours. Between two
times that the server has said, this machine's running time is counted, which no setting of its clock touches.
"""

import time
from datetime import UTC, datetime, timedelta

_told: tuple[datetime, int] | None = None


def now() -> datetime:
    """Return this moment, in UTC."""
    if _told is None:
        return datetime.now(UTC)
    moment, running = _told
    return moment + timedelta(microseconds=(_running() - running) // 1000)


def tell(moment: datetime) -> None:
    """Go by what the server said just now."""
    global _told  # noqa: PLW0603  # a process has one time
    _told = (moment.astimezone(UTC), _running())


def _running() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
