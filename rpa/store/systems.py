"""Systems that are in trouble: what failed in a row is counted, and the work of a paused system waits.

The state is the ledger's, so that every worker and every later run heeds it. Once N transactions in a row have met
an application exception, the system is paused; one transaction is then let through from time to time, and the
first that succeeds resumes it. What only a person can put right (a refused sign-in) is paused without such probes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from rpa.audit.entry import Event, Fact, instant
from rpa.errors import BusinessException
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import systems
from rpa.store.trail import append

FIRST_PROBE = timedelta(minutes=1)
"""How long after the pause one transaction is let through; doubled after each that fails."""

LONGEST_PROBE = timedelta(minutes=30)
"""The longest wait for the next one. A probe further away than this was set by a clock that went back since."""

ANSWERS_AGAIN = "it answers again"

of = systems.c


@dataclass(frozen=True, kw_only=True)
class SystemState:
    """How a system stands. *paused* says since when, and *next_probe* when one transaction is let through.

    A paused system without *next_probe* waits for a person.
    """

    system: str
    failures: int
    paused: datetime | None
    reason: str | None
    next_probe: datetime | None


def states(books: Books) -> list[SystemState]:
    """Return how the systems stand that ever failed or were paused, by name."""
    with books.reading() as connection:
        return [_state(row) for row in connection.execute(select(systems).order_by(of.system))]


def failed(books: Books, system: str, reason: str, pause_after: int) -> None:
    """Count an application exception; see `Store.system_failed`."""
    with books.writing() as connection:
        seen = _row(connection, system)
        failures = seen.failures + 1
        _write(connection, system, failures=failures)
        if failures >= pause_after and seen.paused is None:
            said = f"{failures} in a row failed, the last one: {reason}"
            _pause(books, connection, system, said, probe=now() + FIRST_PROBE)


def answered(books: Books, system: str) -> None:
    """Forget what failed; resume the system if it was being tried; see `Store.system_answered`."""
    if not _in_trouble(books, system):
        return
    with books.writing() as connection:
        seen = _row(connection, system)
        _write(connection, system, failures=0)
        if seen.paused is not None and seen.next_probe is not None:
            _resume(books, connection, system, ANSWERS_AGAIN)


def pause(books: Books, system: str, reason: str) -> None:
    """Let its work wait until a person resumes it; see `Store.pause_system`."""
    with books.writing() as connection:
        seen = _row(connection, system)
        if seen.paused is None or seen.next_probe is not None:
            _pause(books, connection, system, reason, probe=None)


def resume(books: Books, system: str, reason: str) -> None:
    """Let its work go on; see `Store.resume_system`."""
    with books.writing() as connection:
        if _row(connection, system).paused is None:
            raise BusinessException(f"{system} is not paused; `rpa systems` lists what is")
        _resume(books, connection, system, reason)


def let_through(connection: Connection, system: str, at: datetime) -> bool:
    """Tell whether a transaction may be taken *at* this moment: of a paused system, one for each probe."""
    row = connection.execute(select(systems).where(of.system == system)).first()
    if row is None or row.paused is None:
        return True
    if row.next_probe is None or at < row.next_probe <= at + LONGEST_PROBE:
        return False
    wait = min(FIRST_PROBE * 2 ** min(row.probes + 1, 10), LONGEST_PROBE)
    _write(connection, system, probes=row.probes + 1, next_probe=at + wait)
    return True


def _in_trouble(books: Books, system: str) -> bool:
    with books.reading() as connection:
        row = connection.execute(select(systems).where(of.system == system)).first()
    return row is not None and (row.failures > 0 or row.paused is not None)


def _pause(books: Books, connection: Connection, system: str, reason: str, *, probe: datetime | None) -> None:
    at = now()
    _write(connection, system, paused=at, reason=reason, next_probe=probe, probes=0)
    data = {"next_probe": instant(probe)} if probe else {}
    append(connection, books.author, Fact(event=Event.SYSTEM_PAUSED, system=system, reason=reason, data=data), at)


def _resume(books: Books, connection: Connection, system: str, reason: str) -> None:
    _write(connection, system, failures=0, paused=None, reason=None, next_probe=None, probes=0)
    append(connection, books.author, Fact(event=Event.SYSTEM_RESUMED, system=system, reason=reason), now())


def _row(connection: Connection, system: str) -> Row[Any]:
    found = select(systems).where(of.system == system).with_for_update()
    row = connection.execute(found).first()
    if row is None:
        connection.execute(insert(systems), {"system": system, "failures": 0, "probes": 0})
        row = connection.execute(found).one()
    return row


def _write(connection: Connection, system: str, **values: Any) -> None:
    connection.execute(update(systems).where(of.system == system).values(values))


def _state(row: Row[Any]) -> SystemState:
    return SystemState(
        system=row.system,
        failures=row.failures,
        paused=row.paused,
        reason=row.reason,
        next_probe=row.next_probe,
    )
