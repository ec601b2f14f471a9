"""Opening brings the database to the newest revision, by one process at a time."""

from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, inspect, text

from rpa.errors import SetupError
from rpa.store.connect import Books
from rpa.store.owner import locks_folder
from rpa.store.project_key import create_project_key
from rpa.store.schema import REVISION

MIGRATIONS = Path(__file__).parent / "migrations"
WAIT_SECONDS = 120
BEFORE_SEALING = frozenset({None, "0001", "0002"})
"""Revisions of a ledger that has no key for its records yet."""


def migrate(books: Books, *, own_key: bool = True) -> None:
    """Bring the ledger to `REVISION`; a new one gets its signing key first.

    With *own_key* the key that opens its records is in a file beside it, made where the ledger has none yet.

    Raises SetupError where a newer Keyonce has written the ledger, or another process doesn't end its migration.
    """
    folder = books.folder
    try:
        with FileLock(locks_folder(folder) / "ledger.lock", timeout=WAIT_SECONDS):
            revision = _found(books.engine)
            if revision is None:
                books.signer.create()
            if own_key and revision in BEFORE_SEALING:
                create_project_key(folder)
            if revision != REVISION:
                _upgrade(books, revision)
    except Timeout:
        raise SetupError(f"another process has been opening {folder} for {WAIT_SECONDS} s: end it first") from None


def _found(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(books: Books, revision: str | None) -> None:
    """Run the missing migrations in one transaction: all of them, or none, and on one machine alone."""
    from alembic import command
    from alembic.config import Config

    if revision is not None and not list(MIGRATIONS.glob(f"versions/*{revision}_*.py")):
        raise SetupError(f"a newer Keyonce has written this ledger (revision {revision}): update this one")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with books.engine.begin() as connection:
        books.database.begin_writing(connection)
        config.attributes.update(connection=connection, sealer=books.sealer)
        command.upgrade(config, "head")
    if revision is not None:
        books.database.clean(books.engine)
