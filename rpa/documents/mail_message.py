"""Reader `mail`: one message is one record."""

from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Cell, Row, Wanted
from rpa.documents.mail.answers import MailAnswers
from rpa.documents.mail.open import open_mail
from rpa.documents.ways import NotFoundError


class Mail:
    """Reads a saved mail (.eml, or .msg of Outlook): fields of its header, and what its text says beside labels.

    Where a mail has its text twice, plain and formatted, both are read: a value in which they differ is unsure.
    Lines that quote an earlier mail (`>`) are passed over. Attached files are documents of their own.
    """

    name = "mail"
    options = frozenset[str]()

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the one row; raise `DocumentProblem` for what is no mail, or is sealed."""
        message = open_mail(path)
        answers = MailAnswers(message, sha256, wanted)
        cells: dict[str, Cell] = {}
        missing: dict[str, str] = {}
        for name, place in wanted.places.items():
            try:
                cells[name] = answers.cell(place)
            except NotFoundError as reason:
                missing[name] = str(reason)
        yield Row(place="mail", cells=cells, missing=missing, notices=message.notices)
