"""What a workbook of LibreOffice, .ods, says of its cells that the library for them passes over."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from zipfile import ZipFile

from rpa.errors import DocumentProblem

_CHUNK = 1 << 20
_MANIFEST = "META-INF/manifest.xml"
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_VALUES = frozenset(
    f"office:{kind}" for kind in ("value", "string-value", "date-value", "time-value", "boolean-value")
)
_ERROR = re.compile(r"#N/A|#REF!|#DIV/0!|#VALUE!|#NAME\?|#NUM!|#NULL!|Err:\d+")
_FORMULA_ERROR = re.compile(rf"{_ERROR.pattern}|#[^\W\d_a-z/]+[!?]?")
"""In a formula's cell also those of other languages, such as #NV and #WERT!."""

_PREFIXES = {f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0": name for name in ("office", "table", "text")}
"""The library knows these elements by their usual prefixes alone, and takes others for nothing."""


def refuse_unfaithful(archive: ZipFile) -> None:
    """Raise `DocumentProblem` for a workbook that is locked, or that would be misread without a word."""
    if _MANIFEST in archive.namelist() and b"encryption-data" in archive.read(_MANIFEST):
        raise DocumentProblem("needs-password", "the workbook is protected; save it without a password")
    scan = _Scan()
    try:
        with archive.open("content.xml") as file:
            while chunk := file.read(_CHUNK):
                scan.parser.Parse(chunk, False)
        scan.parser.Parse(b"", True)
    except expat.ExpatError as fault:
        raise ValueError(str(fault)) from fault


@dataclass
class _Cell:
    covered: bool
    told: Mapping[str, str]
    texts: list[str] = field(default_factory=list)
    paragraph: bool = False

    def refuse(self) -> None:
        """Raise `DocumentProblem` where the cell is seen otherwise than it is read."""
        text = "".join(self.texts).strip()
        if self._is_error(text):
            raise _refusal("it holds errors, which pass for blanks in .ods")
        if self.covered and (text or self._kinds or self._value is not None):
            raise _refusal("merged cells of it hide values, seen in .ods")
        if self._formula and not self._has_result(text):
            raise _refusal("it holds formulas whose results are not stored, which pass for blanks in .ods")
        if text and not self._is_read:
            raise _refusal("cells of it show a text without its value, which pass for blanks in .ods")

    @property
    def _kinds(self) -> list[str]:
        return [value for name, value in self.told.items() if name.rpartition(":")[2] == "value-type"]

    @property
    def _value(self) -> str | None:
        return next((value for name, value in self.told.items() if name in _VALUES), None)

    @property
    def _formula(self) -> bool:
        return "table:formula" in self.told

    @property
    def _is_text(self) -> bool:
        return self.told.get("office:value-type") == "string"

    @property
    def _is_read(self) -> bool:
        return bool(self._value) or (self._value is None and self._is_text)

    def _is_error(self, text: str) -> bool:
        return "error" in self._kinds or bool((_FORMULA_ERROR if self._formula else _ERROR).fullmatch(text))

    def _has_result(self, text: str) -> bool:
        """Tell whether a result is stored: an empty text is one, no number at all is none."""
        if self._is_text:
            return self._value is not None or self.paragraph
        return bool(self._value or text)


class _Scan:
    """Reads the content by events; comments and drawings stand beside the text of a cell."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._cell: _Cell | None = None
        self._aside = 0

    def _declared(self, *_: object) -> None:
        raise DocumentProblem("damaged", "it declares a document type, which no workbook does; do not open it")

    def _start(self, name: str, told: dict[str, str]) -> None:
        _refuse_prefixes(told)
        if name in _CELLS:
            if self._cell is not None:
                raise _refusal("a table stands in a cell of it")
            self._cell = _Cell(name == "table:covered-table-cell", told)
        elif self._cell is not None:
            self._aside += bool(self._aside or name == "office:annotation" or name.startswith("draw:"))
            self._cell.paragraph = self._cell.paragraph or name == "text:p"

    def _text(self, text: str) -> None:
        if self._cell is not None and not self._aside:
            self._cell.texts.append(text)

    def _end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name in _CELLS and self._cell is not None:
            self._cell.refuse()
            self._cell = None


def _refuse_prefixes(told: Mapping[str, str]) -> None:
    for name, value in told.items():
        if name.startswith("xmlns") and _PREFIXES.get(value, name[6:]) != name[6:]:
            raise _refusal("its elements are named in an unusual way")


def _refusal(words: str) -> DocumentProblem:
    return DocumentProblem("unexpected", f"{words}; save it as .xlsx")
