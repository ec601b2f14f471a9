"""How long workers take over transactions: counted as each ends, in the commit that ends it.

So nothing is lost with a process, whichever machine it was on, and nobody has to read a ledger of years to tell.
"""

from bisect import bisect_left
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

BOUNDS = ("0.5", "1", "2.5", "5", "10", "30", "60", "120", "300", "900", "3600", "+Inf")
"""Seconds: each duration is counted at the first of them that is no less."""

_MILLISECONDS = tuple(1000 * float(bound) for bound in BOUNDS)

ADD = text(
    "INSERT INTO durations (bot, system, status, le, ended, milliseconds)"
    " VALUES (:bot, :system, :status, :le, 1, :took) ON CONFLICT (bot, system, status, le) DO UPDATE"
    " SET ended = durations.ended + 1, milliseconds = durations.milliseconds + excluded.milliseconds"
)


def count(connection: Connection, ended: Row[Any], at: datetime) -> None:
    """Count that the worker's last attempt at the transaction ended *at* this moment; its row says as what."""
    if ended.began is None:  # it was begun before this was kept
        return
    # The clock may have been set back, or that of the machine which began it goes before this one's.
    took = max((at - ended.began) // timedelta(milliseconds=1), 0)
    within = BOUNDS[bisect_left(_MILLISECONDS, took)]
    key = {"bot": ended.bot, "system": ended.system, "status": ended.status, "le": within}
    connection.execute(ADD, {**key, "took": took})
