"""The words of a page with their boxes, by PDFium.

PDFium is 12 times faster here than the pure Python libraries and finds the same words (97 % in the same place).
What it is asked of every letter is asked through its C interface at once, for a page has thousands of them.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from ctypes import CFUNCTYPE, addressof, c_int, c_ushort, c_void_p, cast, sizeof
from operator import neg
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from rpa.documents.pdf.box import Box, View

SPACES = frozenset("\u0000\u0002\ufffe \u00a0\t\r\n\u2002\u2003\u2007\u2009\u202f")
"""What ends a word; the first three are PDFium's signs for nothing and for a hyphen at a line's end."""

ASLANT = 3.0
"""Degrees: text turned further than this is a stamp or a margin, not part of the form's lines."""

GAP = 0.4
"""A gap of this share of the height ends a word even where no space stands in it."""

SAMPLE = 200
"""About so many letters of a page are asked how it is to be turned."""

_ask_box = CFUNCTYPE(c_int, c_void_p, c_int, c_void_p)(cast(pdfium.FPDFText_GetLooseCharBox, c_void_p).value or 0)
"""PDFium's function, for addresses: to make a pointer of each takes as long as the call itself."""


class Word(NamedTuple):
    """One word and its box."""

    text: str
    box: Box


def turn_of(text_page: Any) -> int | None:
    """Return the clockwise turn, in degrees, at which most of a text page stands upright; None without text."""
    count = pdfium.FPDFText_CountChars(text_page)
    asked = range(0, count, max(1, count // SAMPLE))
    letters = [index for index in asked if chr(pdfium.FPDFText_GetUnicode(text_page, index)) not in SPACES]
    turns = Counter(round(-_angle(text_page, index) / 90) % 4 for index in letters)
    return turns.most_common(1)[0][0] * 90 if turns else None


def words_of(text_page: Any, view: View, *, hidden: bool) -> list[Word]:
    """Return the words of an open PDFium text page that are upright in *view*, in the order of their drawing.

    Where some are *hidden*, drawn in the mode that shows nothing, they are left out: nobody meant to say them.
    """
    letters = _letters(text_page)
    runs = [run for run in _runs(letters) if _upright(text_page, run.start, view)]
    if hidden:
        runs = [run for run in runs if not _unseen(text_page, run.start)]
    sides = _sides(text_page, runs, len(letters))
    along = _along(sides, view.turn)
    return [_word(letters, sides, part, view) for run in runs for part in _parts(run, along)]


def _letters(text_page: Any) -> str:
    """Return the text with one letter for each index of the page, in one call unless that leaves any out."""
    count = pdfium.FPDFText_CountChars(text_page)
    units = (c_ushort * (count + 1))()
    pdfium.FPDFText_GetText(text_page, 0, count, units)
    letters = bytes(units).decode("utf-16-le", "surrogatepass")[:-1]
    if len(letters) == count == len(letters.rstrip("\0")):
        return letters
    return "".join(chr(pdfium.FPDFText_GetUnicode(text_page, index)) for index in range(count))


def _runs(letters: str) -> Iterator[range]:
    """Yield where letters stand that have no space between them."""
    start = 0
    for index, letter in enumerate(letters):
        if letter in SPACES:
            if start < index:
                yield range(start, index)
            start = index + 1
    if start < len(letters):
        yield range(start, len(letters))


class _Sides(NamedTuple):
    """The sides of the letters of a page, in the PDF's coordinates, by index: zeros for what is no letter."""

    lefts: Sequence[float]
    tops: Sequence[float]
    rights: Sequence[float]
    bottoms: Sequence[float]


def _sides(text_page: Any, runs: Iterable[range], count: int) -> _Sides:
    boxes, size = (pdfium.FS_RECTF * (count + 1))(), sizeof(pdfium.FS_RECTF)
    page, first = cast(text_page.raw, c_void_p).value, addressof(boxes)
    for run in runs:
        for index in run:
            _ask_box(page, index, first + index * size)
    sides = memoryview(boxes).cast("B").cast("f").tolist()
    return _Sides(sides[0::4], sides[1::4], sides[2::4], sides[3::4])  # the order of their fields in FS_RECTF


def _along(sides: _Sides, turn: int) -> _Sides:
    """Return the sides as they are for who reads a page that is turned so, apart from where its corner is."""
    lefts, tops, rights, bottoms = sides if turn < 180 else (list(map(neg, each)) for each in sides)  # noqa: PLR2004
    return {
        0: _Sides(lefts, tops, rights, bottoms),
        90: _Sides(bottoms, rights, tops, lefts),
        180: _Sides(rights, bottoms, lefts, tops),
        270: _Sides(tops, lefts, bottoms, rights),
    }[turn]


def _parts(run: range, along: _Sides) -> Iterator[slice]:
    """Yield the one word, or several where letters stand apart though no space is between them."""
    lefts, tops, rights, bottoms = along
    start = run.start
    right, top, bottom = rights[start], tops[start], bottoms[start]
    for index in run[1:]:
        left, upper, lower = lefts[index], tops[index], bottoms[index]
        height = top - bottom
        if not -height < left - right < GAP * height or not bottom < (upper + lower) / 2 < top:
            yield slice(start, index)
            start, right, top, bottom = index, rights[index], upper, lower
            continue
        # A call of max() or min() takes three times as long.
        if rights[index] > right:  # noqa: PLR1730
            right = rights[index]
        if upper > top:  # noqa: PLR1730
            top = upper
        if lower < bottom:  # noqa: PLR1730
            bottom = lower
    yield slice(start, run.stop)


def _word(letters: str, sides: _Sides, part: slice, view: View) -> Word:
    left, bottom = min(sides.lefts[part]), min(sides.bottoms[part])
    return Word(letters[part], view.box(left, bottom, max(sides.rights[part]), max(sides.tops[part])))


def _unseen(text_page: Any, index: int) -> bool:
    drawn = pdfium.FPDFText_GetTextObject(text_page, index)
    return bool(pdfium.FPDFTextObj_GetTextRenderMode(drawn) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _upright(text_page: Any, index: int, view: View) -> bool:
    return abs((_angle(text_page, index) + view.turn + 180) % 360 - 180) < ASLANT


def _angle(text_page: Any, index: int) -> float:
    return math.degrees(pdfium.FPDFText_GetCharAngle(text_page, index))
