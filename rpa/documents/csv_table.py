"""Reader `csv`: every line of a list of separated values is one record."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Row, Source, Wanted
from rpa.documents.preflight import check_text
from rpa.documents.sheets.cells import Line, Shown, clean
from rpa.documents.sheets.headings import find_headings, records
from rpa.errors import DocumentProblem

SEPARATORS = ",;\t|"
"""What may stand between values; the one under which the wanted headings are found is meant."""

ENCODINGS = ("utf-8-sig", "cp1252")
"""Tried in this order: text of windows-1252 with any accent is no UTF-8."""

_LONGEST = 1 << 20


class Csv:
    """Reads the lines below the headings that the labels name; what is blank or ends the list is as in `excel`.

    Separator (comma, semicolon, tab, upright line) and encoding (UTF-8 with or without its mark, UTF-16 with it,
    windows-1252) are found. Values may be quoted and then hold separators and line ends.
    """

    name = "csv"
    options: frozenset[str] = frozenset()

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield a row for each line; raise `DocumentProblem` where the headings are not there."""

        def source(line: Line, _name: str, column: int) -> Source:
            return Source(document=sha256, how="column", cell=line.place, field=f"column {column + 1}")

        check_text(path)
        text = _decoded(path.read_bytes())
        csv.field_size_limit(_LONGEST)
        problems = []
        for separator in sorted(SEPARATORS, key=text.count, reverse=True):
            lines = _lines(text, separator)
            try:
                columns = find_headings(lines, wanted.places, _texts, "the list")
            except DocumentProblem as problem:
                problems.append(problem)
                continue
            yield from records(lines, columns, wanted.places, source)
            return
        raise problems[0]


def _texts(line: Line) -> list[str]:
    return [cell.text for cell in line.cells()]


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentProblem("damaged", "its letters are of no known encoding; save it as CSV UTF-8")


def _lines(text: str, separator: str) -> Iterator[Line]:
    """Yield the records, each with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for values in reader:
            shown = [Shown(clean(value)) for value in values]
            yield Line(number, f"line {number}", len(shown), shown.__getitem__)
            number = reader.line_num + 1
    except csv.Error as fault:
        raise DocumentProblem("damaged", f"line {number}: a quotation mark is missing or misplaced") from fault
