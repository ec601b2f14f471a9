"""Which reader has which name; loaded when first used."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from rpa.documents.base import Reader
from rpa.errors import DefinitionError

GROUP = "rpa.readers"
"""Entry-point group in which a package offers a reader of its own."""

READERS = {
    "pdf-form": "rpa.documents.pdf_form:PdfForm",
    "pdf-text": "rpa.documents.pdf_text:PdfText",
    "excel": "rpa.documents.excel:Excel",
    "excel-form": "rpa.documents.excel_form:ExcelForm",
    "csv": "rpa.documents.csv_table:Csv",
    "mail": "rpa.documents.mail_message:Mail",
}
"""The readers of the language, in the order in which the docs explain them."""


INNER = {
    "pdf-blank": "rpa.documents.pdf_blank:PdfBlank",
    "excel-blank": "rpa.documents.excel_blank:ExcelBlank",
    "excel-headings": "rpa.documents.excel_headings:ExcelHeadings",
    "mail-files": "rpa.documents.mail_files:MailFiles",
    "excel-added": "rpa.documents.excel_added:ExcelAdded",
    "pdf-marked": "rpa.documents.pdf_marked:PdfMarked",
    "whole": "rpa.documents.whole:Whole",
}
"""Readers of our own that no definition names."""


def names() -> list[str]:
    """Return every reader that a definition may name."""
    return [*READERS, *(found.name for found in entry_points(group=GROUP))]


def refuse_unknown(name: str) -> None:
    """Raise `DefinitionError` where no reader is called *name*; nothing is loaded to know that."""
    if name not in READERS | INNER and name not in names():
        raise DefinitionError(f"no reader is called {name}; known: {', '.join(names())}")


@cache
def reader(name: str) -> Reader:
    """Return the reader *name*; raise `DefinitionError` where there is none."""
    refuse_unknown(name)
    ours = READERS | INNER
    if name in ours:
        module, _, part = ours[name].partition(":")
        return getattr(import_module(module), part)()  # type: ignore[no-any-return]
    (found, *_) = entry_points(group=GROUP, name=name)
    return found.load()()  # type: ignore[no-any-return]
