"""What a mail answers: by a field of its header, beside a label of its text, or by a pattern of one line."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rpa import pattern
from rpa.documents.base import Cell, Place, Source, Wanted
from rpa.documents.likeness import folded, packed
from rpa.documents.mail.labels import Labelled, labelled
from rpa.documents.mail.message import MailLine, Message
from rpa.documents.sheets.cells import LOST
from rpa.documents.ways import NotFoundError, by_first_way

DIFFERS = "the mail's plain text says something else here than its formatted text: look at both"
DAMAGED = "holds a letter that was damaged on its way: ask what was meant"
_PLAIN, _FORMATTED = "plain text", "formatted text"


@dataclass(frozen=True)
class MailAnswers:
    """The values of one mail."""

    message: Message
    sha256: str
    wanted: Wanted

    def cell(self, place: Place) -> Cell:
        """Return the answer by the first way that leads anywhere; raise `NotFoundError` where none does."""
        return by_first_way(place, self._by_one_way)

    def _by_one_way(self, place: Place) -> Cell:
        by_label, by_line = replace(place, line=None), replace(place, label=None)
        ways = ((place.header, self._in_header, place), (place.label, self._in_text, by_label))
        reasons = []
        for said, find, way in (*ways, (place.line, self._in_text, by_line)):
            try:
                if said:
                    return find(way)
            except NotFoundError as reason:
                reasons.append(str(reason))
        raise NotFoundError("; ".join(reasons) or "has no place in a mail: give its header, label or line")

    def _in_header(self, place: Place) -> Cell:
        wanted = (place.header or "").rstrip(":").casefold()
        texts = {value.strip() for name, value in self.message.headers if name.casefold() == wanted}
        if len(texts) != 1:
            found = f"has {len(texts)} different fields" if texts else "has no field"
            raise NotFoundError(f"the mail's header {found} {place.header}")
        return Cell(texts.pop(), Source(document=self.sha256, how="header", cell=f"header {place.header}"))

    def _in_text(self, place: Place) -> Cell:
        """Return what both texts say, or the only one that says anything; where they differ it is unsure."""
        cells: dict[str, Cell] = {}
        reasons: list[str] = []
        for name, lines in ((_PLAIN, self.message.plain), (_FORMATTED, self.message.formatted)):
            try:
                if lines:
                    cells[name] = self._on(lines if place.label else [*self._subject, *lines], place)
            except NotFoundError as reason:
                reasons.append(str(reason))
        if not cells:
            raise NotFoundError(reasons[0] if reasons else "the mail has no text")
        first, *others = cells.values()
        if any(packed(other.text) != packed(first.text) for other in others):
            return Cell(first.text, first.source, unsure=DIFFERS)
        return replace(first, agreed=tuple(cells) if others else ())

    def _on(self, lines: Sequence[MailLine], place: Place) -> Cell:
        found = list(self._labelled(lines, place) if place.label else self._matching(lines, place.line or ""))
        if len({packed(one.text) for one in found}) > 1:
            what = f'"{place.label}" is written' if place.label else "the pattern is found"
            raise NotFoundError(f"{what} {len(found)} times in the mail, with different values")
        if not found:
            what = f'"{place.label}" is not written in the mail' if place.label else "no line fits the pattern"
            raise NotFoundError(what)
        how = "label" if place.label else "line"
        unsure = DAMAGED if LOST in found[0].text else None
        return Cell(found[0].text, Source(document=self.sha256, how=how, cell=found[0].place), unsure)

    def _labelled(self, lines: Sequence[MailLine], place: Place) -> Iterator[Labelled]:
        return labelled(lines, place, self._labels)

    def _matching(self, lines: Sequence[MailLine], expression: str) -> Iterator[Labelled]:
        for line in lines:
            text = pattern.cut(expression, line.text)
            if text is not None:
                yield Labelled(text.strip(), line.place)

    @property
    def _subject(self) -> list[MailLine]:
        """The subject counts as a line of the text where a pattern is looked for."""
        subjects = (value for name, value in self.message.headers if name.casefold() == "subject")
        return [MailLine(subject, "header Subject") for subject in subjects]

    @cached_property
    def _labels(self) -> Collection[str]:
        every = (one for place in self.wanted.places.values() for one in place.parts())
        return {folded(place.label) for place in every if place.label}
