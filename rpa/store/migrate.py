"""Opening brings the database to the newest revision, by one process at a time."""

from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, inspect, text

from rpa.errors import SetupError
from rpa.store.connect import Books
from rpa.store.owner import locks_folder
from rpa.store.project_key import create_project_key
from rpa.store.schema import REVISION

MIGRATIONS = Path(__file__).parent / "migrations"
WAIT_SECONDS = 120
ONE_THREAD = Lock()
"""Held while Alembic works: it has one context for the whole process, whichever ledger it is about."""

BEFORE_SEALING = frozenset({None, "0001", "0002"})
"""Revisions of a ledger that has no key for its records yet."""

MOVED = "moved"
"""The revision of a ledger that was moved: no Keyonce opens it any more."""

COPYING = "copying"
"""How the revision of a ledger begins that is not whole yet."""

BY_OWNER = "{} holds {}: let the owner of its tables run rpa store migrate"
IN_COPY = "a ledger is being copied to {}: wait for rpa store copy; where it broke off, run it again"
GONE = "{} was moved into a database: say by `database` in rpa.toml which one"


def ready(books: Books, *, own_key: bool) -> None:
    """Bring the ledger to `REVISION`; where it has roles, only see that its owner has. Raises `SetupError`."""
    if not books.database.has_roles:
        migrate(books, own_key=own_key)
        return
    revision = found(books.engine)
    if revision != REVISION:
        require_known(books, revision)
        what = "no ledger yet" if revision is None else "the ledger of an older Keyonce"
        raise SetupError(BY_OWNER.format(books.database.name, what))
    if not books.database.is_prepared(books.engine):
        raise SetupError(BY_OWNER.format(books.database.name, "no queue for several machines yet"))


def migrate(books: Books, *, own_key: bool = True) -> None:
    """Bring the ledger to `REVISION`; a new one gets its signing key first.

    With *own_key* the key that opens its records is in a file beside it, made where the ledger has none yet.

    Raises SetupError where a newer Keyonce has written the ledger, or another process doesn't end its migration.
    """
    folder = books.folder
    try:
        with FileLock(locks_folder(folder) / "ledger.lock", timeout=WAIT_SECONDS):
            revision = found(books.engine)
            if revision is None:
                books.signer.create()
            if own_key and revision in BEFORE_SEALING:
                create_project_key(folder)
            if revision != REVISION:
                _upgrade(books, revision)
            books.database.prepare(books.engine)
    except Timeout:
        raise SetupError(f"another process has been opening {folder} for {WAIT_SECONDS} s: end it first") from None


def grant(books: Books) -> None:
    """Give each role of the database its rights."""
    with books.writing() as connection:
        books.database.act_as_owner(connection)
        books.database.grant(connection)


def found(engine: Engine) -> str | None:
    """Return the ledger's revision; None where there is none."""
    with engine.connect() as connection:
        return _revision(connection)


def require_known(books: Books, revision: str | None) -> None:
    """Raise `SetupError` for the revision of a ledger that this Keyonce can't work with."""
    if revision is None or list(MIGRATIONS.glob(f"versions/*{revision}_*.py")):
        return
    name = books.database.name
    if revision == MOVED:
        raise SetupError(GONE.format(name))
    if revision.startswith(COPYING):
        raise SetupError(IN_COPY.format(name))
    raise SetupError(f"a newer Keyonce has written this ledger (revision {revision}): update this one")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(books: Books, revision: str | None) -> None:
    """Run the missing migrations in one transaction: all of them, or none, and on one machine alone."""
    from alembic import command
    from alembic.config import Config

    require_known(books, revision)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with ONE_THREAD, books.engine.begin() as connection:
        books.database.begin_writing(connection)
        books.database.act_as_owner(connection)
        config.attributes.update(connection=connection, sealer=books.sealer)
        command.upgrade(config, "head")
    if revision is not None:
        books.database.clean(books.engine)
