"""Pictures of the values that nobody is sure of, cut out of their pages, for the person who decides.

They are in a folder of this account alone, under a hash of the record's reference, and go with every erasure: what
stands on them may be personal.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rpa.documents.base import Document, Wanted
from rpa.documents.pdf.drawing import Mark
from rpa.documents.preflight import is_pdf
from rpa.documents.sandbox import read_rows
from rpa.doubt import State
from rpa.errors import DocumentProblem, LedgerFailed
from rpa.intake.drafts import Draft
from rpa.intake.pictures import mark_of, pictures_in
from rpa.keeping.base import Documents
from rpa.records import Attached

_BEFORE = "unsure-"


@dataclass(frozen=True)
class CutOuts:
    """Keeps cut-outs in *folder*; the documents are those of *files*."""

    folder: Path
    files: Documents

    def keep(self, bot: str, drafts: Iterable[Draft], passwords: Mapping[str, str]) -> None:
        """Cut out what is unsure; what can't be drawn is left out, for the records are told all the same.

        *passwords* open documents, by their names in the bot.
        """
        for draft in drafts:
            for name, attached in draft.record.documents.items():
                with suppress(DocumentProblem, LedgerFailed, OSError):
                    self._keep(bot, draft, attached, passwords.get(name))

    def _keep(self, bot: str, draft: Draft, attached: Attached, password: str | None) -> None:
        if marks := _marks(draft, attached):
            with self.files.fetched(attached.sha256, attached.name) as document:
                for field, picture in _cut(marks, document, password):
                    self._write(bot, draft.reference, field, picture)

    def of(self, bot: str, reference: str) -> dict[str, str]:
        """Return the path of each picture of a record, by the field that it shows."""
        paths = sorted(self._of(bot, reference).glob("*.png"))
        return {path.stem: str(path) for path in paths}

    def _of(self, bot: str, reference: str) -> Path:
        return self.folder / "unsure" / sha256(f"{bot}\0{reference}".encode()).hexdigest()[:16]

    def _write(self, bot: str, reference: str, field: str, picture: bytes) -> None:
        path = self._of(bot, reference) / f"{field}.png"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(picture)


def _marks(draft: Draft, attached: Attached) -> list[Mark]:
    """Return what is unsure on one document."""
    doubts = {name: doubt for name, doubt in draft.doubts.items() if doubt.state is State.UNSURE}
    return [
        mark_of(name, doubt.state, doubt.raw, doubt.source)
        for name, doubt in doubts.items()
        if doubt.source is not None and doubt.source.box and doubt.source.document == attached.sha256
    ]


def _cut(marks: list[Mark], document: Document, password: str | None) -> Iterator[tuple[str, bytes]]:
    if not is_pdf(document.path):
        return
    options = {"marks": json.dumps(marks), "pages": "none", **({"password": password} if password else {})}
    rows = read_rows("pdf-marked", document, Wanted(places={}, options=options))
    for place, picture in pictures_in(rows):
        yield place.removeprefix(_BEFORE), picture
