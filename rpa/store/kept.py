"""How the ledger keeps the key by which values are found, once the project's key is another than its first."""

from sqlalchemy import Connection, select

from rpa.errors import SetupError
from rpa.store.connect import Books
from rpa.store.schema import kept_keys
from rpa.store.sealing import HIDING, WRONG, Sealer

KEPT = select(kept_keys.c.wrapped).where(kept_keys.c.use == HIDING)


def kept_hiding(books: Books) -> bytes | None:
    """Return how the key of the HMACs is kept; None where the project has its first key."""
    with books.reading() as connection:
        kept: bytes | None = connection.execute(KEPT).scalar()
    return kept


def require_current(connection: Connection, sealer: Sealer) -> None:
    """Raise `SetupError` where the project's key was changed since *sealer* was made."""
    if not sealer.fits(connection.execute(KEPT).scalar()):
        raise SetupError(WRONG)
