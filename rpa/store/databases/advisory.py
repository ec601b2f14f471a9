"""Who is alive and who is signed in, over all machines: advisory locks that the server holds for a session.

The server frees them the moment that the connection is gone, and a frozen process keeps its connection. So life is
never a timer here either. All locks of a process are held by one connection: what loses one has lost them all, and
may neither promise nor press any more. It is never connected anew by itself.

They need a session of their own: a pooler between, such as PgBouncer, must not share sessions out by transactions.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from rpa.errors import LedgerFailed, SetupError
from rpa.store.owner import Owner

SPACE = 0x4B6579  # "Key"
"""The first of the two numbers that name a lock of the ledger, so that other programs' locks are others."""

HELD = text(
    "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
    " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
"""The numbers of all locks that have one number: those of owners."""

_PAIRS = (
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND mode = '{}' AND granted"
    " AND classid = :space AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
SHARED = text(_PAIRS.format("ShareLock")).bindparams(space=SPACE)
"""The second numbers of the locks that several share."""

SIGNED_IN = text(_PAIRS.format("ExclusiveLock")).bindparams(space=SPACE)
"""The second numbers of the locks that one alone has: systems' sessions."""

ATTENDED = -1
"""In the place of a session's number: somebody waits for this work, of a system or of a bot in it."""

LOST = "the connection to {} that held this process's locks is gone: start it again"


class Session:
    """The connection that holds the locks of one process, made when the first is asked for."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.lost = LOST.format(name)
        self._kept: Connection | None = None
        self._driver: Any = None

    def alive(self) -> bool:
        """Ask the server whether the session lives, and with it every lock that was taken."""
        return self._driver is not None and self._asked("SELECT true") is True

    def take(self, *key: int) -> bool:
        """Take a lock unless another session has it. Raises `LedgerFailed` where the session is gone."""
        if self._driver is None:
            self._connect()
        answer = self._asked(f"SELECT pg_try_advisory_lock({', '.join(map(str, key))})")
        if answer is None:
            raise LedgerFailed(self.lost)
        return answer

    def share(self, *key: int) -> None:
        """Take a lock together with others; raise `LedgerFailed` where the session is gone."""
        if self._driver is None:
            self._connect()
        if self._asked(f"SELECT pg_try_advisory_lock_shared({', '.join(map(str, key))})") is None:
            raise LedgerFailed(self.lost)

    def free(self, *key: int) -> None:
        """Let a lock go; one of a session that is gone is free already."""
        self._asked(f"SELECT pg_advisory_unlock({', '.join(map(str, key))})")

    def close(self) -> None:
        """End the session, if there is one."""
        if self._kept is not None:
            if self.alive():
                self._kept.close()
            else:
                self._kept.invalidate()

    def _connect(self) -> None:
        self._kept = self._engine.connect()
        self._driver = self._kept.connection.driver_connection
        self._kept.detach()  # it is no other's after us, and never made anew behind our back
        self._driver.autocommit = True

    def _asked(self, statement: str) -> bool | None:
        """Return the answer; None where there is none any more."""
        try:
            return bool(self._driver.execute(statement).fetchone()[0])
        except self._driver.Error:
            return None


@dataclass(frozen=True)
class AdvisoryLocks:
    """The locks of one process. An owner also holds a file on its own machine, by which its browsers are known."""

    session: Session
    folder: Path

    @contextmanager
    def hold(self) -> Iterator[Owner]:
        """Be an owner, on every machine."""
        with Owner.hold(self.folder) as here:
            key = owner_key(here.id)
            if not self.session.take(key):
                raise SetupError(f"{here.id} is taken: start it again")
            try:
                yield Owner(here.id, lambda: here.held and self.session.alive())
            finally:
                self.session.free(key)

    def gone(self, connection: Connection, owners: Collection[str]) -> list[str]:
        """Return those of the *owners* for whom the server holds no lock."""
        if not owners:
            return []
        held = set(connection.execute(HELD).scalars())
        return [one for one in owners if owner_key(one) not in held]

    def slot(self, system: str, number: int) -> "AdvisorySlot":
        """Return a session of the system, whichever machine asks."""
        return AdvisorySlot(self.session, slot_key(system, number))

    def attend(self, work: str) -> None:
        """Hold a lock of those who wait for this work; it is let go with all others."""
        self.session.share(SPACE, slot_key(work, ATTENDED))

    def attended(self, connection: Connection, works: Collection[str]) -> set[str]:
        """Return those of the *works* for which anybody holds such a lock."""
        held = set(connection.execute(SHARED).scalars())
        return {work for work in works if slot_key(work, ATTENDED) in held}

    def signed_in(self, connection: Connection, sessions: Mapping[str, int]) -> dict[str, int]:
        """Return of each system for how many of its sessions the server holds a lock."""
        held = set(connection.execute(SIGNED_IN).scalars())
        return {
            system: sum(slot_key(system, one) in held for one in range(number))
            for system, number in sessions.items()
        }

    def close(self) -> None:
        """Let everything go."""
        self.session.close()


@dataclass
class AdvisorySlot:
    """One of a system's sessions over all machines."""

    session: Session
    key: int
    taken: bool = False

    @property
    def held(self) -> bool:
        """Tell whether it is this one's; where the session was lost it is not, though it was never given back."""
        return self.taken and self.session.alive()

    def take(self) -> bool:
        """Take it if nobody has it; raise `LedgerFailed` where it was taken and is lost."""
        if not self.taken:
            self.taken = self.session.take(SPACE, self.key)
        elif not self.session.alive():
            raise LedgerFailed(self.session.lost)
        return self.taken

    def free(self) -> None:
        """Give it back."""
        if self.taken:
            self.taken = False
            self.session.free(SPACE, self.key)


def owner_key(owner_id: str) -> int:
    """Return the number of an owner's lock: 64 bits of a hash, which no two owners share."""
    return int.from_bytes(hashlib.sha256(owner_id.encode()).digest()[:8], signed=True)


def slot_key(system: str, number: int) -> int:
    """Return the second number of a session's lock, never 0: 31 bits of a hash.

    Two sessions that shared one would wait for each other, and nothing worse.
    """
    return int.from_bytes(hashlib.sha256(f"{system} {number}".encode()).digest()[:4]) % (2**31 - 1) + 1
