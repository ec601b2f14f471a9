"""A scanned page read by the empty form: every value several times, and sure only where the readings are the same.

One reading is of the whole page laid straight, the others are of each box alone and by other languages' data. What
Tesseract thinks of its own reading is not asked: it was sure of wrong ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rpa.documents.pdf.box import Box
from rpa.documents.pdf.ocr import BLOCK, LANGUAGES, LINE, PAGE, words_in
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.register import Lie, lie_of
from rpa.documents.pdf.segments import lines_of
from rpa.documents.pdf.slots import Kind, Slot
from rpa.documents.pdf.straight import DARK, PALE, Straight
from rpa.documents.pdf.words import Word
from rpa.errors import DocumentProblem

HOW = "ocr"

SAME = 0.5
"""A scan of the form shows this share of the empty form's longer words where they belong."""

NEAR = 4.0
"""Points by which a recognised word may stand off its place."""

LONG = 4
"""Letters: shorter words are too often misread to tell anything."""

SPILL = 2.0
"""Points by which a value may stand out of its box."""

TICKED, UNTICKED = 0.10, 0.05
"""Ink that a tick adds to its box, and that dirt adds; a person looks between the two."""

STROKE = 10.0
"""Square points that a pencil's tick covers, if only just: of a large box they are a smaller share than dirt."""

TALL = 26.0
"""Points: a box higher than this holds several lines."""

DIFFER = "can't be read for sure on the scan: look at the cut-out picture and enter what stands there"
FAINT = "may be ticked or not on the scan: look at the cut-out picture"
SIGNATURE = "is a signature on a scan: look whether it is there"


def slots_on_scan(page: Page, printed: Page, unmarked: Page, slots: Sequence[Slot]) -> Iterator[Slot]:
    """Yield *slots*, which are on this page of the empty form, with what the scanned *page* says in them.

    Raises `DocumentProblem` where it is no scan of that page.
    """
    lie = lie_of(page.words, printed.words)
    if _share(page.words, printed.words, lie) < SAME:
        raise DocumentProblem("unknown-form", f"page {page.number} is no scan of the empty form; check `blank`")
    straight = Straight(page.picture, printed.picture, page.picture_scale, lie)
    read = words_in(straight.page, straight.scale, language=LANGUAGES[0], look=PAGE)
    reading = _Reading(straight, [word for word in read if not _is_print(word, printed.words)])
    for slot in slots:
        box = lie.box(slot.box)
        if slot.markable:
            yield _ticked(
                replace(slot, box=box), *(_added(page, box, unmarked, slot.box, one) for one in (DARK, PALE))
            )
        else:
            yield replace(reading.filled(slot), box=box)


def _share(words: Sequence[Word], printed: Sequence[Word], lie: Lie) -> float:
    """Return how many of the longer printed words were recognised where they belong."""
    seen = {(word.text, word.box) for word in words}
    long = [word for word in printed if len(word.text) >= LONG]
    found = [word for word in long if any(text == word.text and _near(lie.box(word.box), at) for text, at in seen)]
    return len(found) / max(len(long), 1)


def _near(one: Box, other: Box) -> bool:
    return abs(one.left - other.left) <= NEAR and abs(one.y - other.y) <= NEAR


def _is_print(word: Word, printed: Sequence[Word]) -> bool:
    return any(word.text == one.text and _near(word.box, one.box) for one in printed)


def _added(page: Page, box: Box, unmarked: Page, place: Box, darker: int) -> float:
    """Return by what share more of *box* is dark than of its *place* on the form that nobody has marked."""
    return page.ink(box.grown(-SPILL), darker) - unmarked.ink(place.grown(-SPILL), darker)


def _ticked(slot: Slot, ink: float, pale: float) -> Slot:
    """Return *slot* with whether it is ticked: *ink* says that it is, and *pale* ink that it may be."""
    inside = slot.box.grown(-SPILL)
    dirt = min(UNTICKED, STROKE / max(inside.width * inside.height, 1.0))
    faint = ink <= TICKED and max(ink, pale) >= dirt
    return replace(slot, on=ink > TICKED, how=HOW, unsure=FAINT if faint else None, agreed=("ink",))


class _Reading:
    """The words of the whole page, and readings of its boxes."""

    def __init__(self, straight: Straight, words: Sequence[Word]) -> None:
        self._straight = straight
        self._words = words

    def filled(self, slot: Slot) -> Slot:
        """Return *slot* with its value, and whether the readings of it agree."""
        if slot.kind is Kind.SIGNATURE:
            return replace(slot, value="", how=HOW, unsure=SIGNATURE)
        box = slot.box.grown(SPILL)
        whole = _text([word for word in self._words if box.holds(word.box)], comb=slot.comb)
        if not whole and self._straight.inkless(slot.box):
            return replace(slot, value="", how=HOW, agreed=("page", "ink"))
        alone = {language: self._alone(slot, box, language) for language in LANGUAGES[1:]}
        if whole and all(whole in texts for texts in alone.values()):
            return replace(slot, value=whole, how=HOW, agreed=("page", *(f"box {one}" for one in alone)))
        return replace(slot, value=whole or alone[LANGUAGES[1]][0], how=HOW, unsure=DIFFER)

    def _alone(self, slot: Slot, box: Box, language: str) -> tuple[str, str]:
        """Return what the box says without the form's print, and with it: taking it away can cut letters too."""
        look = LINE if box.height < TALL else BLOCK
        pictures = self._straight.written, self._straight.page
        written, whole = (
            words_in(picture, self._straight.scale, language=language, look=look, box=box) for picture in pictures
        )
        return _text(_without_dirt(written), comb=slot.comb), _text(_without_dirt(whole), comb=slot.comb)


def _without_dirt(words: Sequence[Word]) -> Sequence[Word]:
    """Drop from both ends what has neither letter nor digit: what is left of lines is read as `|` or `_`."""
    said = [index for index, word in enumerate(words) if any(sign.isalnum() for sign in word.text)]
    return words[said[0] : said[-1] + 1] if said else ()


def _text(words: Sequence[Word], *, comb: bool) -> str:
    if comb:
        return "".join(word.text for word in sorted(words, key=lambda word: word.box.left))
    lines = (" ".join(word.text for word in line) for line in lines_of(words)) if words else ()
    return "\n".join(lines).translate(_QUOTES)


_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
