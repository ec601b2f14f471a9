"""The files that came with a mail, kept as documents of its record."""

from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby

from rpa.documents.base import Document, Row, Wanted
from rpa.documents.sandbox import read_rows
from rpa.errors import DocumentProblem

_READER = "mail-files"


@dataclass(frozen=True)
class Enclosed:
    """One attached file; without *content* it could not be taken out of the mail, for the reason *lacks*."""

    name: str
    content: bytes
    lacks: str | None = None


@dataclass(frozen=True)
class Enclosures:
    """What came with a mail: documents by their names, the row of each that is read, and what is to be told."""

    documents: Mapping[str, Document]
    rows: Mapping[str, Row]
    notices: tuple[str, ...] = ()


def enclosed_in(mail: Document) -> list[Enclosed]:
    """Return the files attached to *mail*; raise `DocumentProblem` where it can't be read."""
    rows = read_rows(_READER, mail, Wanted(places={}))
    return [_file(list(pieces)) for _, pieces in groupby(rows, key=lambda row: row.place)]


def _file(pieces: list[Row]) -> Enclosed:
    try:
        head, *rest = pieces
        content = b64decode("".join(row.cells["content"].text for row in rest), validate=True)
        lacks = head.cells["lacks"].text if "lacks" in head.cells else None
        return Enclosed(head.cells["name"].text, content, lacks)
    except (KeyError, Error) as fault:
        raise DocumentProblem("unexpected", "the reading process gave no proper answer") from fault


def chosen_from(mail: Document, patterns: Mapping[str, str]) -> tuple[dict[str, Enclosed], int]:
    """Return for each name of *patterns* the one file of *mail* that fits, and how many are not taken.

    Raises `DocumentProblem`, kind missing, where none or several fit one pattern: which was meant is not guessed.
    """
    enclosed = enclosed_in(mail)
    chosen = {name: _the_one(name, pattern, enclosed) for name, pattern in patterns.items()}
    return chosen, sum(not any(one is taken for taken in chosen.values()) for one in enclosed)


def _the_one(name: str, pattern: str, enclosed: list[Enclosed]) -> Enclosed:
    fitting = [one for one in enclosed if fnmatchcase(one.name.casefold(), pattern.casefold())]
    if len(fitting) != 1:
        found = f"{len(fitting) or 'none'} of the mail's {len(enclosed)} files"
        raise DocumentProblem("missing", f"{name}: {found} has a name like {pattern}; exactly one is needed")
    if fitting[0].lacks is not None:
        raise DocumentProblem("missing", f"{name}: {fitting[0].lacks}")
    return fitting[0]
