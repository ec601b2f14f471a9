"""A ledger that is connected to, before anything of it is read or made."""

import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

from rpa.audit.entry import Actor, Author
from rpa.audit.signer import FileSigner, Signer
from rpa.keeping.base import Note
from rpa.store.connect import Books
from rpa.store.databases.base import Database
from rpa.store.databases.sqlite import SqliteFile
from rpa.store.project_key import project_key
from rpa.store.sealing import Sealer


class Where(TypedDict, total=False):
    """Where a ledger is kept, and whose keys it has, where that is not its folder's own affair."""

    key: Callable[[], bytes] | None
    """Fetches what opens the records; by default it is in a file of the folder."""
    signer: Signer | None
    """Signs the log's checkpoints; by default with a key that is in a file of the folder too."""
    database: Database | None
    """Holds the ledger; by default it is a file of the folder."""
    shared: Note | None
    """Where its newest checkpoint is kept as well, for all its machines."""


def connected(folder: Path, actor: Actor, on_behalf_of: Actor | None = None, **where: Unpack[Where]) -> Books:
    """Return the ledger of the state *folder*; see `Store.open`. Raises `SetupError` without a driver."""
    author = Author(actor=actor, host=socket.gethostname(), pid=os.getpid(), on_behalf_of=on_behalf_of)
    database = where.get("database") or SqliteFile(folder)
    engine = database.connect()
    sealer = Sealer(where.get("key") or partial(project_key, folder))
    locks, signer = database.locks(engine), where.get("signer") or FileSigner(folder)
    return Books(database, engine, locks, folder, author, sealer, signer, where.get("shared"))
