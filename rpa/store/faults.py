"""A database's failure, in words that say what to do. Never its statement, whose values may be personal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from rpa.errors import DiskFull, LedgerFailed, RpaError, SetupError

FULL = "the disk is full and nothing was written: free some space for {ledger}"
LATER: dict[str, str] = {
    "SQLITE_BUSY": "another process held {ledger} for too long: nothing was written; look for one that hangs",
    "SQLITE_IOERR": "the disk failed under {ledger} and nothing was written: look into the system's log",
}
NEEDS_CARE: dict[str, str] = {
    "SQLITE_READONLY": "{ledger} cannot be written: give this account the right to write it and its folder",
    "SQLITE_CANTOPEN": "{ledger} cannot be opened: look whether its folder exists and may be written",
    "SQLITE_CORRUPT": "{ledger} is damaged: stop every worker and restore it from a backup",
    "SQLITE_NOTADB": "{ledger} is not a ledger: stop every worker and restore it from a backup",
}


@contextmanager
def in_words(ledger: Path) -> Iterator[None]:
    """Raise a database's errors as `LedgerFailed` (try later) or `SetupError` (a person is needed)."""
    try:
        yield
    except DBAPIError as error:
        raise _said(error, ledger) from error


def _said(error: DBAPIError, ledger: Path) -> RpaError:
    name = str(getattr(error.orig, "sqlite_errorname", type(error.orig).__name__))
    if name.startswith("SQLITE_FULL"):
        return DiskFull(FULL.format(ledger=ledger))
    for kind, words in ((LedgerFailed, LATER), (SetupError, NEEDS_CARE)):
        for code, sentence in words.items():
            if name.startswith(code):
                return kind(sentence.format(ledger=ledger))
    return LedgerFailed(f"{ledger} refused to be read or written ({name}): nothing was written")
