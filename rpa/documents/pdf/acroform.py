"""The fields of an AcroForm, by pypdf: what each shows, not only what is stored."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from rpa.documents.pdf.page import Page
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.slots import Kind, Slot
from rpa.errors import DocumentProblem

DEEPEST = 32
"""Levels of names in names that are followed; a form that goes in circles ends here."""

HIDDEN = 1 << 1 | 1 << 5
"""The flags of a widget that nobody sees (ISO 32000-1, table 165: hidden, no view)."""

_DIFFERS = "the form shows {} here and stores something else; what is shown was read"

RADIO, BUTTON, COMB = 1 << 15, 1 << 16, 1 << 24
"""Field flags (ISO 32000-1, tables 226 and 228)."""


def slots_of(path: Path, password: str | None, paper: Paper) -> list[Slot]:
    """Return the fields that *path*, open as *paper*, shows, page by page.

    Raises `DocumentProblem` where they can't be read, and where an XFA form holds all there is.
    """
    try:
        reader = _reader(path, password)
        slots = [
            slot for number, page in enumerate(reader.pages, 1) for slot in _on_page(page, paper.page(number))
        ]
        if not slots and _has_xfa(reader):
            raise DocumentProblem(
                "xfa-only", "it is a dynamic XFA form; open it in Acrobat Reader and print it to a PDF"
            )
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as fault:
        if (
            not paper.has_form
        ):  # PDFium opens some that this library doesn't; without a form there is nothing to lose
            return []
        raise DocumentProblem("damaged", "the form's fields are damaged; ask for it again") from fault
    return _counted(slots)


def _reader(path: Path, password: str | None) -> PdfReader:
    """Return the PDF, opened by the password where it is locked: an inbox may hold both kinds."""
    reader = PdfReader(path)
    if reader.is_encrypted and password is not None:
        reader.decrypt(password)
    return reader


def _has_xfa(reader: PdfReader) -> bool:
    form = reader.root_object.get("/AcroForm")
    return form is not None and "/XFA" in form.get_object()


def _counted(slots: list[Slot]) -> list[Slot]:
    """Give those slots numbers that share a name."""
    seen: Counter[str] = Counter()
    counted = []
    for slot in slots:
        counted.append(_numbered(slot, seen[slot.name]))
        seen[slot.name] += 1
    return counted


def _numbered(slot: Slot, index: int) -> Slot:
    return slot if index == 0 else Slot(**{**vars(slot), "index": index})


def _on_page(page: Any, paper: Page) -> Iterator[Slot]:
    for entry in page.get("/Annots", ()) or ():
        widget = entry.get_object()
        if widget.get("/Subtype") == "/Widget" and not int(widget.get("/F", 0)) & HIDDEN:
            yield from _slot(_Widget(widget), paper)


class _Widget:
    """A widget with all that its field and the fields above it say of it."""

    def __init__(self, widget: Any) -> None:
        self.widget = widget
        self.chain = list(_chain(widget))

    def get(self, key: str) -> Any:
        """Return the nearest value of *key*, or None."""
        found = next((node[key] for node in self.chain if key in node), None)
        return None if found is None else found.get_object()

    @property
    def name(self) -> str:
        """The full name: the names of all levels with dots between."""
        return ".".join(_text(node["/T"]) for node in reversed(self.chain) if "/T" in node)

    @property
    def flags(self) -> int:
        """The field's flags."""
        return int(self.get("/Ff") or 0)

    @property
    def states(self) -> list[str]:
        """The names of the marked looks of a tick or ring."""
        looks = self.widget.get("/AP", {}).get_object().get("/N", {}).get_object()
        named = [str(state) for state in looks if state != "/Off"] if isinstance(looks, dict) else []
        return [state for state in named if state != "/N"] or named  # W-9s have a stray /N beside the mark


def _chain(widget: Any) -> Iterator[Any]:
    node = widget
    for _ in range(DEEPEST):
        yield node
        if "/Parent" not in node:
            return
        node = node["/Parent"].get_object()


def _slot(widget: _Widget, page: Page) -> Iterator[Slot]:
    kind = _kind(widget)
    if kind is None:
        return
    marked = _mark(widget) if kind in {Kind.TICK, Kind.RADIO} else {}
    yield Slot(
        name=widget.name,
        tooltip=_text(widget.get("/TU")),
        page=page.number,
        box=page.view.box(*_corners(widget.widget["/Rect"])),
        kind=kind,
        value="" if marked else _value(widget, kind),
        comb=kind is Kind.TEXT and bool(widget.flags & COMB),
        **marked,
    )


def _corners(rect: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(number.get_object()) for number in rect.get_object())
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _kind(widget: _Widget) -> Kind | None:
    kind = widget.get("/FT")
    if kind == "/Btn" and not widget.flags & BUTTON:
        return Kind.RADIO if widget.flags & RADIO else Kind.TICK
    return {"/Tx": Kind.TEXT, "/Ch": Kind.CHOICE, "/Sig": Kind.SIGNATURE}.get(str(kind))


def _mark(widget: _Widget) -> dict[str, Any]:
    """Return what the tick or ring stands for and whether it is shown as marked.

    What is shown (`/AS`) counts, not what is stored (`/V`): they differ in one form of twenty-five.
    """
    shown, stored = widget.widget.get("/AS", widget.get("/V")), widget.get("/V")
    on = shown in widget.states
    export = str(shown) if on else next(iter(widget.states), "/Off")
    differs = (str(stored) == export) != on
    return {
        "export": _export(widget, export.removeprefix("/")),
        "on": on,
        "warning": _DIFFERS.format("a mark" if on else "no mark") if differs else "",
    }


def _export(widget: _Widget, state: str) -> str:
    """Return the export value: the state's name, or where the names are numbers, the text of that number."""
    options = widget.get("/Opt")
    if isinstance(options, list) and state.isdecimal() and int(state) < len(options):
        return _text(options[int(state)])
    return state


def _value(widget: _Widget, kind: Kind) -> str:
    stored = widget.get("/V")
    if kind is Kind.SIGNATURE:
        return "no" if stored is None else "yes"
    if stored is None:
        return ""
    if kind is Kind.TEXT:
        return re.sub(r"\r\n?", "\n", _text(stored))
    chosen = stored if isinstance(stored, list) else [stored]
    shown = dict(_options(widget))
    return "; ".join(shown.get(text, text) for text in map(_text, chosen))


def _options(widget: _Widget) -> Iterator[tuple[str, str]]:
    """Yield the export value and the displayed text of each choice."""
    for option in widget.get("/Opt") or ():
        pair = option.get_object()
        export, shown = (pair[0], pair[1]) if isinstance(pair, list) else (pair, pair)
        yield _text(export), _text(shown)


def _text(value: Any) -> str:
    """Return a PDF string as text, whichever of its encodings it has; nothing is an empty text."""
    if value is None:
        return ""
    value = value.get_object()
    if hasattr(value, "get_data"):
        value = value.get_data()
    if isinstance(value, bytes):
        return value.decode("utf-8-sig", errors="replace")
    text = str(value)
    return text.encode("latin-1").decode("utf-8-sig") if text.startswith("ï»¿") else text
