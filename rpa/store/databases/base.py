"""What a database must do to hold a ledger, and what it says of who is alive."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Select
from sqlalchemy.exc import DBAPIError

from rpa.errors import RpaError
from rpa.store.owner import Owner

WAIT_SECONDS = 60
"""How long a writer waits. Four writers in a tight loop were measured to keep one of them waiting for 5 s."""


class Slot(Protocol):
    """One of a system's sessions. Whoever signs in holds it; it is free the moment that the process is dead."""

    @property
    def held(self) -> bool:
        """Tell whether it is this one's."""
        ...

    def take(self) -> bool:
        """Take it if nobody has it; tell whether it is this one's now."""
        ...

    def free(self) -> None:
        """Give it back, if it is held."""
        ...


class Locks(Protocol):
    """Who is alive, and who is signed in: held by processes, never by timers."""

    def hold(self) -> AbstractContextManager[Owner]:
        """Be an owner of transactions. Raises `SetupError` where no lock can be held."""
        ...

    def gone(self, connection: Connection, owners: Collection[str]) -> list[str]:
        """Return those of the *owners* that hold no lock any more."""
        ...

    def slot(self, system: str, number: int) -> Slot:
        """Return one of the system's sessions."""
        ...

    def signed_in(self, connection: Connection, sessions: Mapping[str, int]) -> dict[str, int]:
        """Return how many of each system's *sessions* are held now."""
        ...

    def attend(self, work: str) -> None:
        """Let others see, as long as this process is alive, that it waits for this work.

        That is a system, or a bot in it by the files and addresses that its workers go by.
        """
        ...

    def attended(self, connection: Connection, works: Collection[str]) -> set[str]:
        """Return those of the *works* for which anybody waits."""
        ...

    def close(self) -> None:
        """Let go what is still held."""
        ...


class Database(Protocol):
    """A database that can hold a ledger."""

    @property
    def name(self) -> str:
        """How it is called in messages; never with a password."""
        ...

    @property
    def reads(self) -> Mapping[str, Any]:
        """The options of a transaction that sees one moment and keeps nobody from writing."""
        ...

    def connect(self) -> Engine:
        """Return its engine. Nothing that it acknowledges is lost when the power is."""
        ...

    def prepare(self, engine: Engine) -> None:
        """Make what else is needed beside the ledger's tables, once these are there."""
        ...

    def is_prepared(self, engine: Engine) -> bool:
        """Tell whether `prepare` has nothing left to do."""
        ...

    def begin_writing(self, connection: Connection) -> None:
        """Keep every other writer out until the transaction ends: what was read before a write is still so."""
        ...

    def rows(self, connection: Connection, wanted: Select[Any]) -> Iterable[Sequence[Any]]:
        """Return a million rows as quickly as it can, and without holding all of them."""
        ...

    def told(self, error: DBAPIError) -> RpaError:
        """Return a failure in words: `LedgerFailed` (try later) or `SetupError` (a person is needed)."""
        ...

    def carried(self, mark: str | None) -> str | None:
        """Return a moment of `rpa.uptime` that was written down before, so that this machine can go on from it."""
        ...

    @property
    def delivers(self) -> bool:
        """Whether workers of any machine take its work."""
        ...

    @property
    def has_roles(self) -> bool:
        """Whether its tables are made and changed by their owner alone, and others work with them."""
        ...

    def act_as_owner(self, connection: Connection) -> None:
        """Own the tables for the rest of the transaction. Raises `SetupError` for an account that may not."""
        ...

    def grant(self, connection: Connection) -> None:
        """Give each role its rights in all tables that are there; the connection acts as the owner."""
        ...

    def is_unguarded(self, connection: Connection) -> bool:
        """Tell whether this account can drop what guards the log, although there are roles so that it can't."""
        ...

    def require_owner(self, connection: Connection) -> None:
        """Raise `SetupError` for an account that can't take what was erased out of the files."""
        ...

    def may_write(self, connection: Connection) -> bool:
        """Tell whether this account may add to the log."""
        ...

    def clean(self, engine: Engine) -> None:
        """Take what was deleted or replaced out of its files too. Raises `LedgerFailed` where that can't be."""
        ...

    def locks(self, engine: Engine) -> Locks:
        """Return who is alive and signed in."""
        ...
