"""How long workers take over transactions: counted as each ends, in the commit that ends it.

So nothing is lost with a process, whichever machine it was on, and nobody has to read a ledger of years to tell.
"""

from bisect import bisect_left
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from rpa.store.schema import durations, transactions
from rpa.work import Status

BOUNDS = ("0.5", "1", "2.5", "5", "10", "30", "60", "120", "300", "900", "3600", "+Inf")
"""Seconds: each duration is counted at the first of them that is no less."""

_MILLISECONDS = tuple(1000 * float(bound) for bound in BOUNDS)

of = durations.c


def count(connection: Connection, transaction_id: int, status: Status, at: datetime) -> None:
    """Count that the worker's last attempt at the transaction came to its end *at* this moment, as *status*."""
    begun = select(transactions.c.bot, transactions.c.system, transactions.c.began)
    row = connection.execute(begun.where(transactions.c.id == transaction_id)).one()
    if row.began is None:  # it was begun before this was kept
        return
    # The clock may have been set back, or that of the machine which began it goes before this one's.
    took = max((at - row.began) // timedelta(milliseconds=1), 0)
    key = {"bot": row.bot, "system": row.system, "status": status}
    key["le"] = BOUNDS[bisect_left(_MILLISECONDS, took)]
    more = {"ended": of.ended + 1, "milliseconds": of.milliseconds + took}
    same = [of[name] == value for name, value in key.items()]
    if not connection.execute(update(durations).where(*same).values(more)).rowcount:
        connection.execute(insert(durations), {**key, "ended": 1, "milliseconds": took})
