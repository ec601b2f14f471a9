"""Reader `pdf-text`: a PDF of printed text, such as a letter, is one record, or one for each line of its table."""

from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Row, Wanted
from rpa.documents.editions import recognised
from rpa.documents.pdf.answers import Answers
from rpa.documents.pdf.look import Look
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.table.rows import table_rows
from rpa.documents.spread import spread


class PdfText:
    """Reads what is printed beside labels; what was typed into form fields counts as printed.

    So it reads the lines of a table that the form declares. Pages may lie on their side, and columns are kept
    apart. Option: `password`.
    """

    name = "pdf-text"
    options = frozenset({"password"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the rows; raise `DocumentProblem` for what is no PDF, or one without text."""
        with Paper.open(path, wanted.options.get("password")) as paper:
            paper.flat = True
            paper.refuse_without_text()
            edition, wanted = recognised(wanted, Look(paper, ()))
            row = Answers(paper, sha256, (), wanted, edition).row()
            yield from [row] if wanted.table is None else spread(row, table_rows(paper, wanted.table, sha256))
