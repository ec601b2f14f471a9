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
    """One field that is drawn: where it is (nowhere, if its place was not found), its state, and its words."""

    name: str
    state: str
    words: str
    page: int | None
    box: tuple[float, float, float, float] | None


def drawn_page(page: Any, marks: Sequence[Mark]) -> bytes:
    """Return a PNG of PDFium's *page* with the boxes of *marks*, and in the margin what each of them says."""
    from PIL import Image, ImageDraw

    picture = page.render(scale=SCALE).to_pil().convert("RGB")
    lines = list(_placed(marks, picture.height))
    height = max([picture.height, *(at + STEP for at, _ in lines)])
    canvas = Image.new("RGB", (picture.width + MARGIN, height), "white")
    canvas.paste(picture)
    pen = ImageDraw.Draw(canvas, "RGBA")
    for at, mark in lines:
        _draw(pen, mark, at, picture.width + 12)
    return _png(canvas)


def cut_out(page: Any, box: tuple[float, float, float, float]) -> bytes:
    """Return a PNG of what stands in *box*, with a little around it, large enough to be read by a person."""
    left, top, right, bottom = (edge * 2 * SCALE for edge in box)
    picture = page.render(scale=2 * SCALE).to_pil()
    return _png(picture.crop((int(left) - 18, int(top) - 18, int(right) + 18, int(bottom) + 18)))


def _placed(marks: Iterable[Mark], bottom: int) -> Iterator[tuple[int, Mark]]:
    """Yield how far down each line of the margin stands: at its box, or below the line before it."""
    next_free = 4
    for mark in sorted(marks, key=lambda mark: mark.box[1] if mark.box else bottom):
        at = max(next_free, int(mark.box[1] * SCALE) if mark.box else next_free)
        next_free = at + STEP
        yield at, mark


def _draw(pen: Any, mark: Mark, at: int, margin: int) -> None:
    colour = COLOURS[mark.state]
    if mark.box is not None:
        left, top, right, bottom = (edge * SCALE for edge in mark.box)
        pen.rectangle((left, top, right, bottom), outline=(*colour, 255), fill=(*colour, 40), width=2)
        pen.line(((right, top + 1), (margin - 4, at + STEP // 2)), fill=(*colour, 110), width=1)
    pen.text((margin, at), _line(mark), fill=colour, font=_font())


@cache
def _font() -> Any:
    """Return a font of this machine with every letter of names; Pillow's own has those of English alone."""
    from PIL import ImageFont

    for name in FONTS:
        with suppress(OSError):
            return ImageFont.truetype(name, SIZE)
    return ImageFont.load_default(SIZE)


def _line(mark: Mark) -> str:
    said = f"{mark.name} = {mark.words}" if mark.state == "read" else f"{mark.name}: {mark.state}"
    if mark.words and mark.state != "read":
        said += f" ({mark.words})"
    said = " / ".join(said.splitlines())
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}..."


def _png(picture: Any) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
