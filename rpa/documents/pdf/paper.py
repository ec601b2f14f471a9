"""A PDF as paper: its pages with the words and the lines that a person sees, each page looked at when needed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import pypdfium2
import pypdfium2.raw as pdfium

from rpa.documents.likeness import packed
from rpa.documents.pdf.box import Box, View
from rpa.documents.pdf.edges import Edges, edges_of
from rpa.documents.pdf.segments import Segment, segments_of
from rpa.documents.pdf.words import Word, turn_of, words_of
from rpa.documents.preflight import check_pages, check_pdf
from rpa.errors import DocumentProblem

DOTS = 2
"""Dots to a point in pictures of a page (144 to the inch): a box to tick is then some 18 dots wide."""

DARK = 128
"""A dot darker than this, of 255, is ink."""


class Held(NamedTuple):
    """PDFium's page and its text, open."""

    page: Any
    text: Any

    def close(self) -> None:
        """Close both."""
        self.text.close()
        self.page.close()


@dataclass
class Page:
    """One page, counted from 1."""

    paper: "Paper"
    number: int

    @cached_property
    def view(self) -> View:
        """The page turned so that most of its text is upright: all boxes here are as seen then."""
        turn = turn_of(self._held.text)
        return self._as_shown if turn is None else self._as_shown._replace(turn=turn)

    @cached_property
    def words(self) -> list[Word]:
        """The words, apart from those that stand aslant."""
        return words_of(self._held.text, self.view)

    @cached_property
    def letters(self) -> str:
        """All letters without spaces, to know soon what is not on the page: their places take ten times longer."""
        return packed(self._held.text.get_text_range())

    @cached_property
    def segments(self) -> list[Segment]:
        """The words as they stand together."""
        return segments_of(self.words)

    @cached_property
    def edges(self) -> Edges:
        """The drawn lines."""
        return edges_of(self._held.page, self.view)

    def shown(self, box: Box) -> Box:
        """Return where *box* is on the page as a PDF viewer shows it."""
        return self.view.seen_in(self._as_shown, box)

    def ink(self, box: Box) -> float:
        """Return the share of *box* that is dark."""
        dots, width = self._picture
        left, top, right, bottom = (round(side * DOTS) for side in box)
        seen = b"".join(dots[row * width + left : row * width + right] for row in range(top, bottom))
        return sum(map(DARK.__gt__, seen)) / max(len(seen), 1)

    @property
    def drawn(self) -> bool:
        """Whether anything is on the page: pictures, lines, or words."""
        return bool(pdfium.FPDFPage_CountObjects(self._held.page))

    @property
    def _held(self) -> Held:
        return self.paper.held(self.number)

    @cached_property
    def _as_shown(self) -> View:
        page = self._held.page
        left, bottom, right, top = page.get_cropbox()
        return View(left, bottom, right, top, page.get_rotation())

    @cached_property
    def _picture(self) -> tuple[bytes, int]:
        """The page's dots, one byte each, and how many there are in a row."""
        turn = (self.view.turn - self._as_shown.turn) % 360
        picture = self._held.page.render(scale=DOTS, rotation=turn, grayscale=True, may_draw_forms=False)
        try:
            return bytes(picture.buffer), picture.stride
        finally:
            picture.close()


@dataclass
class Paper:
    """An open PDF. Once it is *flat*, what was typed or stamped over the pages counts as printed on them."""

    pdf: Any
    flat: bool = False
    _pages: dict[int, Page] = field(default_factory=dict)
    _held: tuple[int, Held] | None = None

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

    def refuse_without_text(self) -> None:
        """Raise `DocumentProblem` where no page has a word."""
        if any(page.letters for page in self.pages()):
            return
        if any(page.drawn for page in self.pages()):
            raise DocumentProblem(
                "no-text-needs-ocr",
                "it is a scan or a drawing, without text; run text recognition (OCR) on it first",
            )
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
