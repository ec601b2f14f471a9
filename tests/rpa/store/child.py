"""Another process at the ledger: `child.py FOLDER open | hold STATUS | drain`. It acts when it is told a line."""

import sys
from collections.abc import Callable
from pathlib import Path

from rpa.work import Status
from tests.rpa.store.ledgers import begun, opened


def say(*words: object) -> None:
    """Tell the parent."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def wait() -> None:
    """Wait for the parent."""
    sys.stdin.readline()


def open_it(folder: Path) -> None:
    """Open the ledger at the same moment as others."""
    with opened(folder) as store:
        say("opened", store.log.verify().sentence)


def hold(folder: Path, status: str) -> None:
    """Bring a transaction to *status* and then do nothing."""
    with opened(folder) as store, store.hold() as owner:
        say(begun(store, owner, Status(status)).id)
        wait()


def drain(folder: Path) -> None:
    """Take whatever there is, end it, and tell its number; after the first, wait until told to go on."""
    first = True
    with opened(folder) as store, store.hold() as owner:
        while (found := store.reserve(owner, ["meridian"])) is not None:
            transaction = store.move(found.transaction, Status.IN_PROGRESS, owner)
            store.move(transaction, Status.REJECTED, owner)
            say(transaction.id)
            if first:
                wait()
            first = False
    say("done")


if __name__ == "__main__":
    say("ready")
    wait()
    acts: dict[str, Callable[..., None]] = {"open": open_it, "hold": hold, "drain": drain}
    acts[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
