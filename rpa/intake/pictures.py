"""Pictures of a document with what was read of it."""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rpa.documents.base import Document, Row, Source, Wanted
from rpa.documents.pdf.drawing import Mark
from rpa.documents.preflight import is_pdf
from rpa.documents.sandbox import read_rows
from rpa.doubt import State
from rpa.intake.drafts import Draft
from rpa.records import FieldValue, Record


def pictures_of(drafts: Sequence[Draft], password: str | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield a name and a PNG for each page with a value, and for each value that is unsure, cut out of its page.

    The *drafts* are all those of one document. Of what is no PDF there are no pictures. Raises `DocumentProblem`.
    """
    yield from _drawn(drafts[0].document, list(_marks_of(drafts)), password)


def _marks_of(drafts: Sequence[Draft]) -> Iterator[Mark]:
    """Yield what is to be drawn: of several records each by itself, and once what stands once for all of them."""
    every = [(mark, str(number)) for number, draft in enumerate(drafts, start=1) for mark in _marks(draft)]
    times = Counter(mark for mark, _ in every)
    for mark, number in every:
        if times[mark] == 1:
            yield mark._replace(line=number if len(drafts) > 1 else "")
    yield from (mark for mark, count in times.items() if count > 1)


def _drawn(document: Document, marks: Sequence[Mark], password: str | None) -> Iterator[tuple[str, bytes]]:
    if not is_pdf(document.path):
        return
    options = {"marks": json.dumps(marks), **({"password": password} if password else {})}
    yield from pictures_in(read_rows("pdf-marked", document, Wanted(places={}, options=options)))


def pictures_in(rows: Iterable[Row]) -> Iterator[tuple[str, bytes]]:
    """Yield name and PNG of each picture that rows hold the pieces of."""
    for place, pieces in groupby(rows, key=lambda row: row.place):
        yield place, b64decode("".join(row.cells["png"].text for row in pieces))


def _marks(draft: Draft) -> Iterable[Mark]:
    for name, value in draft.record.fields.items():
        if _is_on(draft.document, value.source):
            yield _read_mark(name, value)
    for name, doubt in draft.doubts.items():
        if doubt.source is None or _is_on(draft.document, doubt.source):
            yield mark_of(name, doubt.state, doubt.raw, doubt.source)


def _read_mark(name: str, value: FieldValue) -> Mark:
    state = State.BLANK if value.value is None else State.READ
    return mark_of(name, state, value.text, value.source)


def _is_on(document: Document, source: Source | None) -> bool:
    return source is not None and source.document == document.sha256 and source.page is not None


def mark_of(name: str, state: State, words: str, source: Source | None) -> Mark:
    """Return what is to be drawn of a value."""
    return Mark(name, state.value, words, source.page if source else None, source.box if source else None)


def page_picture(record: Record, document: Document, page: int, password: str | None = None) -> bytes:
    """Return a PNG of one page of a record's document with the boxes of its values.

    Raises `DocumentProblem` where it can't be drawn, LookupError where it is no PDF or has no value on that page.
    """
    fields = record.fields.items()
    marks = [_read_mark(name, value) for name, value in fields if _is_on(document, value.source)]
    pictures = dict(_drawn(document, [mark for mark in marks if mark.page == page], password))
    if f"page-{page}" not in pictures:
        raise LookupError(f"no value stands on page {page}")
    return pictures[f"page-{page}"]
