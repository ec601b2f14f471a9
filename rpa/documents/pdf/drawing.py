"""Pictures of pages on which a person sees at a glance what was read, and where."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

COLOURS = {
    "read": (0, 112, 60),
    "blank": (96, 96, 96),
    "unsure": (196, 98, 0),
    "error": (190, 20, 20),
    "missing": (190, 20, 20),
}
"""How each state is drawn; the word stands beside it, for those who don't tell colours apart."""

GRAVITY = ("blank", "read", "unsure", "error", "missing")
"""A line of several fields has the colour of the one whose state comes last here."""

SCALE = 1.5
"""Dots to a point: 108 to the inch, at which printed notes can still be read."""

MARGIN = 420
"""Dots beside the page for what was read."""

SIZE, STEP = 15, 19
"""Dots: the height of a letter and of a line."""

FONTS = ("LiberationSans-Regular.ttf", "DejaVuSans.ttf")

LONGEST = 52
"""Letters of one line in the margin."""


class Mark(NamedTuple):
    """One field that is drawn: where it is (nowhere, if its place was not found), its state, and its words.

    Fields of one *line* of a table are told beside the page in one line, too.
    """

    name: str
    state: str
    words: str
    page: int | None
    box: tuple[float, float, float, float] | None
    line: str = ""


def drawn_page(page: Any, marks: Sequence[Mark]) -> bytes:
    """Return a PNG of PDFium's *page* with the boxes of *marks*, and in the margin what each of them says."""
    from PIL import Image, ImageDraw

    picture = page.render(scale=SCALE).to_pil().convert("RGB")
    lines = list(_placed(marks, picture.height))
    height = max([picture.height, *(at + STEP for at, _ in lines)])
    canvas = Image.new("RGB", (picture.width + MARGIN, height), "white")
    canvas.paste(picture)
    pen = ImageDraw.Draw(canvas, "RGBA")
    for at, told in lines:
        _draw(pen, told, at, picture.width + 12)
    return _png(canvas)


def cut_out(page: Any, box: tuple[float, float, float, float]) -> bytes:
    """Return a PNG of what stands in *box*, with a little around it, large enough to be read by a person."""
    left, top, right, bottom = (edge * 2 * SCALE for edge in box)
    picture = page.render(scale=2 * SCALE).to_pil()
    return _png(picture.crop((int(left) - 18, int(top) - 18, int(right) + 18, int(bottom) + 18)))


def _placed(marks: Iterable[Mark], bottom: int) -> Iterator[tuple[int, Sequence[Mark]]]:
    """Yield how far down each line of the margin stands, at its boxes or below the last one, and its marks."""
    told: dict[str, list[Mark]] = {}
    for mark in marks:
        told.setdefault(mark.line or mark.name, []).append(mark)
    next_free = 4
    for together in sorted(told.values(), key=lambda some: _top(some, bottom)):
        at = max(next_free, int(_top(together, next_free / SCALE) * SCALE))
        next_free = at + STEP
        yield at, together


def _top(marks: Sequence[Mark], without: float) -> float:
    return min((mark.box[1] for mark in marks if mark.box), default=without)


def _draw(pen: Any, marks: Sequence[Mark], at: int, margin: int) -> None:
    for mark in marks:
        if mark.box is not None:
            colour = COLOURS[mark.state]
            pen.rectangle([edge * SCALE for edge in mark.box], outline=(*colour, 255), fill=(*colour, 40), width=2)
    colour = COLOURS[max((mark.state for mark in marks), key=GRAVITY.index)]
    if boxes := [mark.box for mark in marks if mark.box is not None]:
        right, top = max((box[2] * SCALE, box[1] * SCALE) for box in boxes)
        pen.line(((right, top + 1), (margin - 4, at + STEP // 2)), fill=(*colour, 110), width=1)
    pen.text((margin, at), _line(marks), fill=colour, font=_font())


@cache
def _font() -> Any:
    """Return a font of this machine with every letter of names; Pillow's own has those of English alone."""
    from PIL import ImageFont

    for name in FONTS:
        with suppress(OSError):
            return ImageFont.truetype(name, SIZE)
    return ImageFont.load_default(SIZE)


def _line(marks: Sequence[Mark]) -> str:
    together = len(marks) > 1
    said = " | ".join(mark.words if together and mark.state == "read" else _said(mark) for mark in marks)
    said = " / ".join(said.splitlines())
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}..."


def _said(mark: Mark) -> str:
    if mark.state == "read":
        return f"{mark.name} = {mark.words}"
    return f"{mark.name}: {mark.state}" + (f" ({mark.words})" if mark.words else "")


def _png(picture: Any) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
