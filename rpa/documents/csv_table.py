"""Reader `csv`: every line of a list of separated values is one record."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

from rpa.documents.base import Place, Source, Wanted
from rpa.documents.lists import Lines
from rpa.documents.preflight import check_text
from rpa.documents.sheets.cells import LOST, Line, Shown, shown_text
from rpa.documents.sheets.headings import LEVELS, find_headings, records
from rpa.errors import DocumentProblem

SEPARATORS = ",;\t|"
"""What may stand between values; the one under which the wanted headings are found is meant."""

ENCODINGS = ("utf-8-sig", "cp1252")
"""Tried in this order: text of windows-1252 with any accent is no UTF-8."""

_DECLARED = re.compile(r"utf-8(-sig)?|utf-16(-[lb]e)?|ascii|iso8859-\d+|cp125\d")
"""What a file may say that its encoding is, by Python's names; all of these keep plain letters as they are."""

_LETTERS = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""Letters of UTF-8 beyond ASCII; accents begin with C3."""

_LONGEST = 1 << 20


class Csv:
    """Reads the lines below the headings that the labels name; what is blank or ends the list is as in `excel`.

    Separator (comma, semicolon, tab, upright line) and encoding (UTF-8 with or without its mark, UTF-16 with it,
    windows-1252) are found. Values may be quoted and then hold separators and line ends. Of a line with more
    values than there are headings none is taken: which one is too many, nobody can tell.
    """

    name = "csv"
    options: frozenset[str] = frozenset()

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Lines]:
        """Yield the lines, many at a time; raise `DocumentProblem` where the headings are not there."""

        def source(column: int) -> Source:
            return Source(document=sha256, how="column", field=f"column {column + 1}", cell="line ")

        text = _text(path)
        problems = []
        for separator in sorted(SEPARATORS, key=text.count, reverse=True):
            lines = _lines(text, separator)
            try:
                columns, width = _headings(lines, wanted.places)
            except DocumentProblem as problem:
                problems.append(problem)
                continue
            fitting = (line if line.width <= width else _fitting(line, width) for line in lines)
            yield from records(fitting, columns, wanted.places, source, "line ")
            return
        raise problems[0]


def lines_of(path: Path) -> Iterator[Line]:
    """Yield every line of a list, by the separator it has most of; raise `DocumentProblem` for what is none."""
    text = _text(path)
    return _lines(text, max(SEPARATORS, key=text.count))


def _text(path: Path) -> str:
    check_text(path)
    csv.field_size_limit(_LONGEST)
    return decoded(path.read_bytes())


def _headings(lines: Iterator[Line], places: Mapping[str, Place]) -> tuple[Mapping[str, int], int]:
    """Return the column of each heading, and how many values a line below them has at most."""
    widths: deque[int] = deque(maxlen=LEVELS)

    def texts(line: Line) -> list[str]:
        widths.append(line.width)
        return [cell.text for cell in line.cells()]

    _, columns = find_headings(lines, places, texts, "the list")
    return columns, max(widths)


def _fitting(line: Line, width: int) -> Line:
    """Return the line, with a fault in all that it says where it has values beyond the headings."""
    if all(cell.blank for cell in line.cells()[width:]):
        return line
    told = (
        f"stands on a line with {line.width} values under {width} headings: put what holds a separator in quotes"
    )

    def drawn(column: int) -> Shown:
        cell = line.draw(column)
        return cell if cell.blank else cell._replace(fault=told)

    return line._replace(draw=drawn)


def decoded(content: bytes, declared: str | None = None) -> str:
    """Return the text of a file in whichever encoding it is; *declared* is the one that it says itself.

    Raises `DocumentProblem` where none of those fits.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if _is_damaged_utf_8(content):
        return content.decode("utf-8-sig", errors="replace")
    for encoding in (*_declared(declared), *ENCODINGS):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentProblem("damaged", "its letters are of no known encoding; save it as CSV UTF-8")


def _is_damaged_utf_8(content: bytes) -> bool:
    """Tell whether most letters beyond ASCII are UTF-8 and some bytes are of none: not windows-1252 throughout."""
    try:
        content.decode()
    except UnicodeDecodeError:
        letters = len(_LETTERS.findall(content))
        lost = content.decode(errors="replace").count(LOST)
        return letters > lost
    return False


def _declared(name: str | None) -> list[str]:
    """Return the encoding called *name*, if there is one; those that turn letters into others are refused."""
    try:
        known = codecs.lookup(name or "").name
    except LookupError:
        return []
    if not _DECLARED.fullmatch(known):
        raise DocumentProblem(
            "damaged", f"it says that its letters are {name}, which is not read; save it as .xlsx"
        )
    return [] if known.startswith("utf-16") else [known]  # who can read this in single bytes knows better


def _lines(text: str, separator: str) -> Iterator[Line]:
    """Yield the records, each with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for values in reader:
            shown = [shown_text(value) for value in values]
            yield Line(number, len(shown), shown.__getitem__)
            number = reader.line_num + 1
    except csv.Error as fault:
        raise DocumentProblem("damaged", f"line {number}: a quotation mark is missing or misplaced") from fault
