"""Reader `pdf-form`: one PDF is one record."""

from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Row, Wanted
from rpa.documents.editions import recognised
from rpa.documents.pdf.acroform import slots_of
from rpa.documents.pdf.answers import Answers
from rpa.documents.pdf.blank import slots_on_copy
from rpa.documents.pdf.look import Look
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.slots import Slot


class PdfForm:
    """Reads a filled form: by its fields, by what is printed beside them, and flat copies by their print.

    A text field gives its text, a tick `yes` or `no` as shown, a group of rings the export value of the chosen
    one, a list the displayed texts of its choices with `; ` between, a signature field `yes` where it is signed.
    Options: `password`, and `blank`, the path of the empty form, by whose fields a flat copy is then read.
    """

    name = "pdf-form"
    options = frozenset({"password", "blank"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the one row; raise `DocumentProblem` for what is no PDF, or one without form and text."""
        password = wanted.options.get("password")
        with Paper.open(path, password) as paper:
            slots = slots_of(path, password, paper)
            if not slots:
                paper.flat = True
                paper.refuse_without_text()
            edition, wanted = recognised(wanted, Look(paper, slots))
            if paper.flat:
                slots = _on_flat(paper, wanted)
            yield Answers(paper, sha256, slots, wanted, edition).row()


def _on_flat(paper: Paper, wanted: Wanted) -> list[Slot]:
    blank = wanted.options.get("blank")
    return slots_on_copy(paper, Path(blank)) if blank else []
