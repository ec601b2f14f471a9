"""Reader `pdf-text`: a PDF of printed text, such as a letter or an invoice, is one record."""

from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Row, Wanted
from rpa.documents.editions import recognised
from rpa.documents.pdf.answers import Answers
from rpa.documents.pdf.look import Look
from rpa.documents.pdf.paper import Paper


class PdfText:
    """Reads what is printed beside labels; what was typed into form fields counts as printed.

    Pages may lie on their side, and columns are kept apart. Option: `password`.
    """

    name = "pdf-text"
    options = frozenset({"password"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the one row; raise `DocumentProblem` for what is no PDF, or one without text."""
        with Paper.open(path, wanted.options.get("password")) as paper:
            paper.flat = True
            paper.refuse_without_text()
            edition, wanted = recognised(wanted, Look(paper, ()))
            yield Answers(paper, sha256, (), wanted, edition).row()
