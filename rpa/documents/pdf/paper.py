"""A PDF as paper: its pages, each looked at when needed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pypdfium2
import pypdfium2.raw as pdfium

from rpa.documents.pdf import ocr
from rpa.documents.pdf.page import Held, Page
from rpa.documents.preflight import check_pages, check_pdf
from rpa.errors import DocumentProblem

MOST_SCANNED = 3
"""Scanned pages of one document whose text is recognised."""


@dataclass
class Paper:
    """An open PDF. Once it is *flat*, what was typed or stamped over the pages counts as printed on them."""

    pdf: Any
    flat: bool = False
    _pages: dict[int, Page] = field(default_factory=dict)
    _held: tuple[int, Held] | None = None
    _recognised: set[int] = field(default_factory=set)

    @classmethod
    def open(cls, path: Path, password: str | None) -> Self:
        """Open *path*; raise `DocumentProblem` where it is no readable PDF."""
        check_pdf(path)
        try:
            pdf = pypdfium2.PdfDocument(path, password=password)
        except pypdfium2.PdfiumError as fault:
            raise _refusal(fault, password) from fault
        check_pages(len(pdf))
        return cls(pdf)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._let_go()
        self.pdf.close()

    @property
    def numbers(self) -> range:
        """The numbers of the pages."""
        return range(1, len(self.pdf) + 1)

    @property
    def has_form(self) -> bool:
        """Whether the PDF says that it is a form."""
        return bool(self.pdf.get_formtype() != pdfium.FORMTYPE_NONE)

    def page(self, number: int) -> Page:
        """Return a page."""
        return self._pages.setdefault(number, Page(self, number))

    def pages(self) -> Iterator[Page]:
        """Yield the pages, one after another."""
        yield from map(self.page, self.numbers)

    def held(self, number: int) -> Held:
        """Return PDFium's page, which is open until another is asked for.

        PDFium keeps all that it has parsed of an open page in memory: 60 open pages took 199 MB, one at a time 58.
        """
        if self._held is None or self._held[0] != number:
            self._let_go()
            self._held = number, self._opened(number)
        return self._held[1]

    def may_recognise(self, number: int) -> bool:
        """Tell whether the text of one more scanned page may be recognised: it takes some seconds a page."""
        self._recognised |= {number} if len(self._recognised) < MOST_SCANNED else set()
        return number in self._recognised

    def refuse_without_text(self) -> None:
        """Raise `DocumentProblem` where no page has a word."""
        if any(page.letters for page in self.pages()):
            return
        if any(page.drawn for page in self.pages()):
            why = ocr.lacking() or "text recognition found no word on it; look at it"
            raise DocumentProblem("no-text-needs-ocr", f"it is a scan or a drawing, without text; {why}")
        raise DocumentProblem("empty", "its pages are empty; ask for it again")

    def pictures(self) -> list[int]:
        """Return the numbers of the pages that show something and have no text."""
        return [page.number for page in self.pages() if not page.letters and page.drawn]

    def _opened(self, number: int) -> Held:
        try:
            page = self.pdf[number - 1]
            if self.flat and pdfium.FPDFPage_GetAnnotCount(page):
                pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
                page.close()
                page = self.pdf[number - 1]
            return Held(page, page.get_textpage())
        except pypdfium2.PdfiumError as fault:
            raise DocumentProblem("damaged", f"page {number} is damaged; ask for it again") from fault

    def _let_go(self) -> None:
        if self._held is not None:
            self._held[1].close()
            self._held = None


def _refusal(fault: pypdfium2.PdfiumError, password: str | None) -> DocumentProblem:
    if fault.err_code != pdfium.FPDF_ERR_PASSWORD:
        return DocumentProblem("damaged", "the PDF is damaged or cut off; ask for it again")
    if password is None:
        return DocumentProblem(
            "needs-password", "the PDF opens with a password only; name its credential under `password`"
        )
    return DocumentProblem("wrong-password", "the credential's password does not open the PDF; correct it")
