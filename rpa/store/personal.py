"""What is held of a person: to whom it went, and how it ends."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial

from rpa.store import disclosures, erasure, moved, rewrapping
from rpa.store.connect import Books
from rpa.store.disclosures import Disclosure
from rpa.store.erasure import Holding
from rpa.store.project_key import adopt_project_key, next_project_key


class Personal:
    """The personal values in the ledger, by the subject whose they are."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def holding(self, subject: str, bot: str | None = None) -> Holding:
        """Return what is held of a subject, named by what the bot's `subject` field holds, however it is spelled.

        Raises `BusinessException` where nothing is, where several bots know the subject and none is named, and
        where something of it still waits for a worker or a person.
        """
        return erasure.holding(self._books, subject, bot)

    def expired(self, before: datetime) -> Iterator[Holding]:
        """Yield what is held of each subject of whom nothing waits and nothing has moved since *before*."""
        return erasure.expired(self._books, before)

    def erase(self, held: Holding, authority: str, gone: Collection[str]) -> None:
        """Erase what is held of a subject, by the *authority* of a rule or a decision; `clean` after the last.

        *gone* are the documents that were deleted before. Raises `BusinessException` where more has come since.
        """
        erasure.erase(self._books, held, authority, gone)

    def unread_document(self, waiting_id: str) -> str:
        """Return the SHA-256 of what could not be read, such as document-3. Raises `BusinessException`."""
        return erasure.unread(self._books, waiting_id)

    def erase_document(self, sha256: str, authority: str) -> None:
        """Note that an `unread_document` was deleted, and erase its name; `clean` after the last."""
        erasure.erase_unread(self._books, sha256, authority)

    def clean(self) -> None:
        """Take what was erased out of the files of the ledger too.

        Raises `LedgerFailed` where another process that reads keeps the write-ahead log from being emptied, or a
        file of before a move is still there; `SetupError` for an account that doesn't own the tables.
        """
        with self._books.in_words():
            self._books.database.clean(self._books.engine)
            moved.require_gone(self._books)

    def disclosures(self, subject: str, bot: str | None = None) -> Iterator[Disclosure]:
        """Yield to whom a subject's records were disclosed, record by record; after an erasure, by reference."""
        return disclosures.disclosures(self._books, subject, bot)

    def change_project_key(self, load: Callable[[], bytes] | None = None) -> int:
        """Seal everything under another project's key, which *load* fetches; return of how many subjects.

        By default a new random one, in the file `personal.key`. Every other process that has the ledger open can
        read and add no record any more. Raises `SetupError`.
        """
        folder = self._books.folder
        rewrapped = rewrapping.rewrap(self._books, load or partial(next_project_key, folder))
        if load is None:
            adopt_project_key(folder)
        return rewrapped
