"""What an empty PDF form asks for, for `rpa forms learn`: no reader of the language."""

from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Cell, Row, Source, Wanted
from rpa.documents.pdf.acroform import slots_of
from rpa.documents.pdf.asked import Asked, asked, known_by
from rpa.documents.pdf.paper import Paper
from rpa.errors import DocumentProblem


class PdfBlank:
    """Reads what an empty form is known by (the first row), and then a row for each value that it asks for.

    The cells are `text`; then `label`, `kind`, `fields` and `choices`, several one a line, and a choice as what is
    printed, a tab and the field.
    """

    name = "pdf-blank"
    options = frozenset[str]()

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the rows; raise `DocumentProblem` for what is no PDF with form fields."""
        source = Source(document=sha256, how="form")
        with Paper.open(path, wanted.options.get("password")) as paper:
            slots = slots_of(path, None, paper)
            if not slots:
                raise DocumentProblem("unexpected", "it has no form fields to learn from; write the form by hand")
            yield _row({"text": "\n".join(known_by(paper))}, source)
            yield from (_row(_cells(one), source) for one in asked(paper, slots))


def _cells(one: Asked) -> dict[str, str]:
    choices = "\n".join(f"{said}\t{name}" for said, name in one.choices.items())
    return {"label": one.label, "kind": one.kind, "fields": "\n".join(one.fields), "choices": choices}


def _row(texts: dict[str, str], source: Source) -> Row:
    return Row(place="form", cells={name: Cell(text, source) for name, text in texts.items()})
