"""PostgreSQL: a ledger that several machines share.

Writers come one after another, as in SQLite: each begins by an advisory lock of the whole ledger, which the
server frees at the end of the transaction, however it ends. Nearly every write adds to the audit log, whose head
is one row, so that they would wait for one another anyway; taking turns from the start spares them deadlocks, and
what was read before a write is still so. Whoever stops inside a transaction loses it after `HANGING`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from rpa import clock, uptime
from rpa.errors import DiskFull, LedgerFailed, RpaError, SetupError
from rpa.store.databases.advisory import SPACE, AdvisoryLocks, Session
from rpa.store.databases.base import WAIT_SECONDS
from rpa.store.databases.roles import Roles, act_as_owner, grant, may_act_as_owner
from rpa.store.faults import FULL

HANGING = 30
"""Seconds until the server ends a transaction in which nothing happens: its process was stopped, or hangs."""

RECYCLE = 3600
"""Seconds after which a connection is made anew: the server says then what time it is."""

BATCH = 1000
"""Rows that are fetched at once where there may be a million."""

REACH_WITHIN = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""How soon a server that is gone is noticed: after some 25 s, not after the two hours that are usual."""

SET_UP = f"""
SELECT set_config('idle_in_transaction_session_timeout', '{HANGING}s', false),
       set_config('lock_timeout', '{WAIT_SECONDS}s', false),
       set_config('tcp_keepalives_idle', '10', false),
       set_config('tcp_keepalives_interval', '5', false),
       set_config('tcp_keepalives_count', '3', false),
       set_config('tcp_user_timeout', '20000', false),
       set_config('synchronous_commit',
                  CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
                  ELSE current_setting('synchronous_commit') END, false),
       pg_backend_pid(),
       (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())
"""  # noqa: S608  # all of it is fixed text
"""Each connection: the server notices a machine that is gone as soon as that notices the server, and what is
acknowledged is on its disk, whatever its own settings say. Last it says which connection this is to it."""

NOW = "SELECT clock_timestamp()"
"""Its clock is the one that counts."""

TURN = text(f"SELECT pg_advisory_xact_lock({SPACE}, 0)")

QUEUE = "procrastinate_jobs"
"""The table by which it is known whether there is a queue."""

NO_DRIVER = "a ledger on PostgreSQL needs its driver: pip install 'keyonce[postgresql]'"

GONE = (
    "the connection to {ledger} failed: what was under way may be written or not, and the next run finds out; "
    "look whether the database runs and this machine may reach it"
)
WORDS: Mapping[str, tuple[type[RpaError], str]] = {
    "53100": (DiskFull, FULL),
    "53300": (LedgerFailed, "{ledger} takes no more connections: raise its max_connections, or run fewer workers"),
    "55P03": (
        LedgerFailed,
        "another process held {ledger} for too long: nothing was written; look for one that hangs",
    ),
    "25006": (SetupError, "{ledger} takes no changes: it is a standby, or set to be read only"),
    "42501": (
        SetupError,
        "{ledger} does not let this account do that: sign in as the role that may (docs/scale.md tells which)",
    ),
    "28": (SetupError, "{ledger} does not let this account in: look at the user and the credential"),
    "3D": (SetupError, "{ledger} is not there: let an administrator make the database"),
    "08": (LedgerFailed, GONE),
    "25P03": (
        LedgerFailed,
        "this process stood still for too long while it wrote to {ledger}: nothing was written",
    ),
    "57P": (LedgerFailed, GONE),
}
"""By the beginning of the SQLSTATE: docs at postgresql.org/docs/current/errcodes-appendix.html."""

KEEPS_VALUES = (
    "subjects",
    "work_items",
    "intake",
    "transactions",
    "documents",
    "changes",
    "feedback",
    "audit_entries",
)

OWNS = text(
    "SELECT count(*) FROM pg_class WHERE oid = ANY(CAST(CAST(:tables AS text[]) AS regclass[]))"
    " AND NOT pg_has_role(relowner, 'USAGE')"
)
MAY_ADD = text("SELECT has_table_privilege('audit_entries', 'INSERT')")
NOT_OWNER = (
    "to erase, or to change the project's key, sign in to {} as the role that owns its tables: nobody else"
    " can have them written anew"
)


class SignIn(NamedTuple):
    """Who signs in to the database, and by what."""

    username: str
    password: str


@dataclass(frozen=True)
class PostgresLedger:
    """The ledger at *url*, `postgresql://USER@HOST:PORT/DATABASE`, as this machine's state *folder* uses it.

    *sign_in* fetches user and password when they are needed; without it the URL's user signs in by what libpq
    finds, such as a certificate or a socket. With *roles* the tables are their owner's alone; with
    *delivers*, work is put on a queue for workers of any machine.
    """

    url: str
    folder: Path
    sign_in: Callable[[], SignIn] | None = field(default=None, repr=False)
    roles: Roles | None = None
    delivers: bool = False

    @property
    def name(self) -> str:
        """Host and database."""
        url = self._url
        host = url.host or str(url.query.get("host", "localhost"))
        return f"{url.database} at {host}"

    @property
    def reads(self) -> Mapping[str, Any]:
        """One snapshot for all that a transaction reads."""
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    @property
    def _url(self) -> URL:
        return make_url(self.url).set(drivername="postgresql+psycopg")

    @property
    def address(self) -> URL:
        """Where it is, with what signs in: a secret."""
        url = self._url
        if self.sign_in is not None:
            username, password = self.sign_in()
            url = url.set(username=username or url.username, password=password)
        return url

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The same as the driver takes it, for connections that are not the engine's: a secret."""
        address = self.address
        given = {**address.translate_connect_args(username="user", database="dbname"), **address.query}
        return {**given, "application_name": "keyonce", **REACH_WITHIN}

    def connect(self) -> Engine:
        """Return the engine; raise `SetupError` where its driver is not installed."""
        try:
            from rpa.store.databases.answered import AnsweredConnection

            engine = create_engine(
                self.address,
                connect_args={"application_name": "keyonce", **REACH_WITHIN},
                pool_pre_ping=True,
                pool_recycle=RECYCLE,
                hide_parameters=True,
            )
        except ModuleNotFoundError:
            raise SetupError(NO_DRIVER) from None

        def connect(_dialect: object, _entry: object, positional: list[Any], named: dict[str, Any]) -> Any:
            return AnsweredConnection.connect(*positional, **named)

        event.listen(engine, "do_connect", connect)
        event.listen(engine, "connect", _set_up)
        return engine

    def prepare(self, engine: Engine) -> None:
        """Make the queue that work is delivered by, where it is wanted and is not there."""
        if self.is_prepared(engine):
            return
        try:
            from rpa.store.databases import delivery
        except ModuleNotFoundError:
            raise SetupError(NO_DRIVER) from None
        with engine.begin() as connection:
            self.begin_writing(connection)
            self.act_as_owner(connection)
            delivery.lay(connection)

    def is_prepared(self, engine: Engine) -> bool:
        """Tell whether the queue is there, or is not wanted."""
        return not self.delivers or inspect(engine).has_table(QUEUE)

    def begin_writing(self, connection: Connection) -> None:
        """Wait for one's turn."""
        connection.execute(TURN)

    def rows(self, connection: Connection, wanted: Select[Any]) -> Iterable[Sequence[Any]]:
        """Return the rows by the server's own cursor, some at a time."""
        return connection.execute(wanted.execution_options(yield_per=BATCH))

    def told(self, error: DBAPIError) -> RpaError:
        """Return the failure in words, by its SQLSTATE; one without was met on the way to the server."""
        state = getattr(error.orig, "sqlstate", None)
        if state is None and isinstance(error, OperationalError):
            return LedgerFailed(f"{GONE.format(ledger=self.name)} ({str(error.orig).splitlines()[0]})")
        for code, (kind, sentence) in WORDS.items():
            if (state or "").startswith(code):
                return kind(sentence.format(ledger=self.name))
        name = state or type(error.orig).__name__
        return LedgerFailed(f"{self.name} refused to be read or written ({name}): nothing was written")

    def carried(self, mark: str | None) -> str | None:
        """Return the moment with this machine's own beside it, where another machine has written it."""
        return uptime.carried(mark)

    @property
    def has_roles(self) -> bool:
        """Whether it has roles."""
        return self.roles is not None

    def act_as_owner(self, connection: Connection) -> None:
        """Be the owner of the roles; without roles, who signs in is."""
        if self.roles is not None:
            act_as_owner(connection, self.roles, self.name)

    def grant(self, connection: Connection) -> None:
        """Give the roles their rights."""
        if self.roles is not None:
            grant(connection, self.roles, self.name)

    def is_unguarded(self, connection: Connection) -> bool:
        """Tell whether this account may act as the owner of the roles."""
        return self.roles is not None and may_act_as_owner(connection, self.roles)

    def require_owner(self, connection: Connection) -> None:
        """Raise `SetupError` for an account that does not own the tables that hold values."""
        if connection.execute(OWNS, {"tables": list(KEEPS_VALUES)}).scalar_one():
            raise SetupError(NOT_OWNER.format(self.name))

    def may_write(self, connection: Connection) -> bool:
        """Tell whether this account may add to the log."""
        return bool(connection.execute(MAY_ADD).scalar_one())

    def clean(self, engine: Engine) -> None:
        """Write the tables that hold values anew.

        The server's write-ahead log, its archive and other copies keep what was erased for their own time.
        """
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            self.require_owner(connection)  # for others the server would do nothing, and not say so
            connection.execute(text(f"VACUUM (FULL) {', '.join(KEEPS_VALUES)}"))

    def locks(self, engine: Engine) -> AdvisoryLocks:
        """Return the locks that the server holds for this process."""
        return AdvisoryLocks(Session(engine, self.name), self.folder)


def _set_up(connection: Any, entry: ConnectionPoolEntry) -> None:
    del entry
    connection.session = connection.execute(SET_UP).fetchone()[-2:]
    clock.ask(lambda: connection.execute(NOW).fetchone()[0])
    connection.commit()
