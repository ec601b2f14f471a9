"""Opening brings the database to the newest revision, by one process at a time."""

from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine, inspect, text

from rpa.audit.keys import create_key
from rpa.errors import SetupError
from rpa.store.owner import locks_folder
from rpa.store.schema import REVISION

MIGRATIONS = Path(__file__).parent / "migrations"
WAIT_SECONDS = 120


def migrate(engine: Engine, folder: Path) -> None:
    """Bring the ledger of *folder* to `REVISION`; a new one gets its signing key first.

    Raises SetupError where a newer Keyonce has written the ledger, or another process doesn't end its migration.
    """
    try:
        with FileLock(locks_folder(folder) / "ledger.lock", timeout=WAIT_SECONDS):
            revision = _revision(engine)
            if revision is None:
                create_key(folder)
            if revision != REVISION:
                _upgrade(engine, revision)
    except Timeout:
        raise SetupError(f"another process has been opening {folder} for {WAIT_SECONDS} s: end it first") from None


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: Engine, revision: str | None) -> None:
    """Run the missing migrations in one transaction: all of them, or none."""
    from alembic import command
    from alembic.config import Config

    if revision is not None and not list(MIGRATIONS.glob(f"versions/*{revision}_*.py")):
        raise SetupError(f"a newer Keyonce has written this ledger (revision {revision}): update this one")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
