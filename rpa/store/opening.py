"""A ledger that is connected to, before anything of it is read or made."""

import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rpa.audit.entry import Actor, Author
from rpa.audit.signer import FileSigner, Signer
from rpa.store.connect import Books
from rpa.store.databases.base import Database
from rpa.store.databases.sqlite import SqliteFile
from rpa.store.project_key import project_key
from rpa.store.sealing import Sealer


def connected(
    folder: Path,
    actor: Actor,
    on_behalf_of: Actor | None = None,
    *,
    key: Callable[[], bytes] | None = None,
    signer: Signer | None = None,
    database: Database | None = None,
    shared: Path | None = None,
) -> Books:
    """Return the ledger of the state *folder*; see `Store.open`. Raises `SetupError` without a driver."""
    author = Author(actor=actor, host=socket.gethostname(), pid=os.getpid(), on_behalf_of=on_behalf_of)
    database = database or SqliteFile(folder)
    engine = database.connect()
    sealer = Sealer(key or partial(project_key, folder))
    locks, signer = database.locks(engine), signer or FileSigner(folder)
    return Books(database, engine, locks, folder, author, sealer, signer, shared)
