"""Text recognition by Tesseract, in this process: none other may be started where documents are read.

It is optional (`pip install 'keyonce[ocr]'`), and its language data is what the machine has.
"""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rpa.documents.pdf.box import Box
from rpa.documents.pdf.words import Word

LANGUAGES = ("eng", "spa", "fra")
"""The first reads pages, each of the others every box again.

A language's data has only its own letters: English read `La Ñ` as `La N` every time, and `Aïcha` is known to the
French data alone. Readings by several agree only on what all of them know.
"""

DATA = ("/usr/share/tesseract-ocr", "/usr/share/tessdata")
"""Below these folders distributions put the language data."""

PAGE, BLOCK, LINE = 11, 6, 7
"""How Tesseract looks for text: scattered over a page, as one block, as one line."""


@cache
def data_folder() -> Path | None:
    """Return the folder with the data of every language that is needed; None where there is none."""
    needed = [f"{language}.traineddata" for language in LANGUAGES]
    folders = (found.parent for top in DATA for found in sorted(Path(top).glob(f"**/{needed[0]}")))
    return next((folder for folder in folders if all((folder / name).is_file() for name in needed)), None)


def lacking() -> str | None:
    """Say what this machine lacks to read scans; None where it lacks nothing."""
    if find_spec("tesserocr") is None:
        return "to have scans read, install text recognition: pip install 'keyonce[ocr]'"
    if data_folder() is None:
        packages = " ".join(f"tesseract-ocr-{language}" for language in LANGUAGES)
        return f"to have scans read, install Tesseract's language data: apt-get install {packages}"
    return None


@cache
def recogniser(language: str) -> Any:
    """Return Tesseract for one language."""
    from tesserocr import PyTessBaseAPI

    return PyTessBaseAPI(path=str(data_folder()), lang=language)


def words_in(picture: Any, scale: float, *, language: str, look: int, box: Box | None = None) -> list[Word]:
    """Return the words of a grey Pillow *picture* with *scale* dots to a point, or those within *box* of it."""
    engine = recogniser(language)
    engine.SetPageSegMode(look)
    engine.SetImageBytes(picture.tobytes(), picture.width, picture.height, 1, picture.width)
    engine.SetSourceResolution(round(scale * 72))
    if box is not None:
        left, top = max(0, round(box.left * scale)), max(0, round(box.top * scale))
        engine.SetRectangle(left, top, round(box.width * scale), round(box.height * scale))
    engine.Recognize()
    return list(_words(engine, scale))


def _words(engine: Any, scale: float) -> Iterator[Word]:
    from tesserocr import RIL, iterate_level

    found = engine.GetIterator()
    for one in iterate_level(found, RIL.WORD) if found is not None else ():
        edges = one.BoundingBox(RIL.WORD)
        if edges and not one.Empty(RIL.WORD):
            yield Word(one.GetUTF8Text(RIL.WORD).strip(), Box(*(edge / scale for edge in edges)))
