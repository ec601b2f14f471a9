"""Reader `pdf-form`: one PDF is one record, or one for each line of its table."""

from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Row, TablePlace, Wanted
from rpa.documents.editions import recognised
from rpa.documents.pdf.acroform import slots_of
from rpa.documents.pdf.answers import Answers
from rpa.documents.pdf.blank import slots_on_copy
from rpa.documents.pdf.look import Look
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.several import refuse_longer
from rpa.documents.pdf.slots import Slot
from rpa.documents.pdf.table.rows import table_rows
from rpa.documents.spread import spread


class PdfForm:
    """Reads a filled form: by its fields, by what is printed beside them, and flat copies by their print.

    A text field gives its text, a tick `yes` or `no` as shown, a group of rings the export value of the chosen
    one, a list the displayed texts of its choices with `; ` between, a signature field `yes` where it is signed.
    Options: `password`, and `blank`, the path of the empty form, by whose fields a flat copy is then read.
    """

    name = "pdf-form"
    options = frozenset({"password", "blank"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the rows; raise `DocumentProblem` for what is no PDF, or one without form and text."""
        password = wanted.options.get("password")
        with Paper.open(path, password) as paper:
            slots = slots_of(path, password, paper)
            if not slots:
                paper.flat = True
                paper.refuse_without_text()
            edition, wanted = recognised(wanted, Look(paper, slots))
            slots = _on_flat(paper, wanted) if paper.flat else _of_one(paper, wanted, slots)
            row = Answers(paper, sha256, slots, wanted, edition).row()
        yield from [row] if wanted.table is None else spread(row, _lines(path, password, wanted.table, sha256))


def _lines(path: Path, password: str | None, table: TablePlace, sha256: str) -> list[Row]:
    """Return the lines of a table, with what was typed into fields as printed in it."""
    with Paper.open(path, password) as paper:
        paper.flat = True
        return table_rows(paper, table, sha256)


def _of_one(paper: Paper, wanted: Wanted, slots: list[Slot]) -> list[Slot]:
    blank = wanted.options.get("blank")
    if blank:
        refuse_longer(paper, Path(blank), {slot.page for slot in slots})
    return slots


def _on_flat(paper: Paper, wanted: Wanted) -> list[Slot]:
    blank = wanted.options.get("blank")
    return slots_on_copy(paper, Path(blank)) if blank else []
