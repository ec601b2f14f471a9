"""One page of a PDF as a person sees it: its words, its drawn lines, its ink."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import pypdfium2.raw as pdfium

from rpa.documents.likeness import packed
from rpa.documents.pdf import ocr
from rpa.documents.pdf.box import Box, View
from rpa.documents.pdf.edges import DEPTH, Edges, edges_of
from rpa.documents.pdf.segments import Segment, segments_of
from rpa.documents.pdf.straight import DARK, pictured, scale_of
from rpa.documents.pdf.words import Word, turn_of, words_of

DOTS = 2
"""Dots to a point in pictures of a page (144 to the inch): a box to tick is then some 18 dots wide."""

_INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE


class Held(NamedTuple):
    """PDFium's page and its text, open."""

    page: Any
    text: Any

    def close(self) -> None:
        """Close both."""
        self.text.close()
        self.page.close()


class Holder(Protocol):
    """What has the pages of a PDF open, one at a time."""

    def held(self, number: int) -> Held:
        """Return PDFium's page, which is open until another is asked for."""
        ...

    def may_recognise(self, number: int) -> bool:
        """Tell whether the text of one more scanned page may be recognised."""
        ...


@dataclass
class Page:
    """One page, counted from 1."""

    paper: Holder
    number: int

    @cached_property
    def view(self) -> View:
        """The page turned so that most of its text is upright: all boxes here are as seen then."""
        turn = turn_of(self._held.text)
        return self._as_shown if turn is None else self._as_shown._replace(turn=turn)

    @cached_property
    def words(self) -> list[Word]:
        """The words that are seen, but for those that stand aslant; of a scanned page, what recognition read."""
        if self.scanned:
            return self._recognised
        return words_of(self._held.text, self.view, hidden=bool(self._modes[_INVISIBLE]))

    @cached_property
    def letters(self) -> str:
        """All letters without spaces, to know soon what is not on the page: their places take ten times longer."""
        return packed(" ".join(word.text for word in self._recognised)) if self.scanned else self._text

    @cached_property
    def scanned(self) -> bool:
        """Whether the page is a picture, whatever the others are: a typed page may go before a scanned form.

        Text that nobody sees was put behind the picture by a scanner, and is its guess: it is not believed,
        whatever was stamped upon the page later.
        """
        unseen = self._modes[_INVISIBLE]
        return (not self._text or unseen > self._modes.total() - unseen) and self.drawn

    @cached_property
    def picture(self) -> Any:
        """The page as a grey Pillow picture with `picture_scale` dots to a point."""
        return pictured(self._held.page, self.picture_scale)

    @cached_property
    def picture_scale(self) -> float:
        """How fine the picture is."""
        return scale_of(*self.view.size)

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

    def ink(self, box: Box, darker: int = DARK) -> float:
        """Return the share of *box* that is dark, which is to say of a grey below *darker*."""
        dots, width = self._picture
        left, top, right, bottom = (round(side * DOTS) for side in box)
        seen = b"".join(dots[row * width + left : row * width + right] for row in range(top, bottom))
        return sum(map(darker.__gt__, seen)) / max(len(seen), 1)

    @property
    def drawn(self) -> bool:
        """Whether anything is on the page: pictures, lines, or words."""
        return bool(pdfium.FPDFPage_CountObjects(self._held.page))

    @cached_property
    def _text(self) -> str:
        return packed(self._held.text.get_text_range())

    @cached_property
    def _modes(self) -> Counter[int]:
        """How many pieces of text are drawn in each mode (ISO 32000-1, 9.3.6)."""
        texts = self._held.page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=DEPTH)
        return Counter(map(pdfium.FPDFTextObj_GetTextRenderMode, texts))

    @cached_property
    def _recognised(self) -> list[Word]:
        """What text recognition reads on the page; nothing where there is none, or too many pages are scanned."""
        if ocr.lacking() or not self.paper.may_recognise(self.number):
            return []
        return ocr.words_in(self.picture, self.picture_scale, language=ocr.LANGUAGES[0], look=ocr.PAGE)

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
