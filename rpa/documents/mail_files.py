"""The files that are attached to a mail, to be kept as documents: no reader of the language."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Cell, Row, Source, Wanted
from rpa.documents.mail.open import open_mail
from rpa.documents.wire import PIECE


class MailFiles:
    """Reads each attached file's name and, in rows of the same place, its content as base64.

    A file that can't be taken out has, instead of content, in `lacks` the reason.
    """

    name = "mail-files"
    options = frozenset[str]()

    def read(self, path: Path, sha256: str, _wanted: Wanted) -> Iterator[Row]:
        """Yield the pieces of the files; raise `DocumentProblem` for what is no mail, or is sealed."""
        source = Source(document=sha256, how="file")
        for number, file in enumerate(open_mail(path).files, start=1):
            place = f"attachment {number}"
            told = {"name": file.name, **({"lacks": file.lacks} if file.content is None else {})}
            yield Row(place=place, cells={key: Cell(text, source) for key, text in told.items()})
            content = b64encode(file.content or b"").decode()
            for start in range(0, len(content), PIECE):
                yield Row(place=place, cells={"content": Cell(content[start : start + PIECE], source)})
