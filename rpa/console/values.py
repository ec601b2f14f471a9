"""A record for people: each value with its place on the paper, and what was to be typed where on the screen."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rpa.definitions.bot import Bot, Entry, FieldSpec
from rpa.definitions.step import REFERENCE, Attach, Choose, Fill, Tick
from rpa.documents.base import Source
from rpa.intake.correction import correctable
from rpa.records import FieldValue, Record, options_of, title
from rpa.work import Receipt


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One value. *text* is None where it is personal and not shown; *document* names the record's document.

    *kind* is the field's type, by which a language writes the value.

    *page* is set where the value's box can be looked at.
    """

    name: str
    title: str
    text: str | None
    kind: str
    personal: bool
    document: str
    place: Source | None
    page: int | None
    warnings: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One field of the screen: the value that it gets, and whether the screen showed it back (`same`, ...)."""

    screen: str
    title: str
    text: str | None
    kind: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One field of a record and of its revision; the texts are None where they are personal and not shown."""

    title: str
    before: str | None
    after: str | None
    kind: str
    differs: bool

    @property
    def hidden(self) -> bool:
        """Whether a value is not shown."""
        return self.before is None or self.after is None


def compared(before: Record, after: Record, bot: Bot | None, *, personal: bool) -> list[Compared]:
    """Return every field of two records, side by side."""
    return [
        Compared(
            title=_title(bot, name),
            before=_text_of(before, name, personal=personal),
            after=_text_of(after, name, personal=personal),
            kind=_kind(after.fields.get(name) or before.fields.get(name)),
            differs=_text_of(before, name, personal=True) != _text_of(after, name, personal=True),
        )
        for name in {**before.fields, **after.fields}
    ]


@dataclass(frozen=True, kw_only=True)
class Fixable:
    """One field that can be corrected. *text* is what its box holds: None where a personal value is not shown.

    *choices* are what can be chosen, where not everything can be written. *long* is a text of several lines.
    """

    name: str
    title: str
    text: str | None
    place: Source | None
    problem: str
    needed: bool
    choices: Sequence[str]
    form: str
    kind: str

    @property
    def long(self) -> bool:
        """Whether the value needs more than one line."""
        return len(self.text or "") > LONG or "\n" in (self.text or "")


LONG = 60
"""Letters that fit into one line of a phone's width, roughly."""


def fixable(
    record: Record, bot: Bot, said: Mapping[str, str], problems: Mapping[str, str], *, personal: bool
) -> list[Fixable]:
    """Return the fields that a person may correct, with what was *said* of them and what is wrong with it."""
    return [
        _fixable(record.fields.get(name), bot, name, said.get(name), problems.get(name, ""), personal=personal)
        for name in correctable(bot)
    ]


def _fixable(  # one for each part of the field
    value: FieldValue | None, bot: Bot, name: str, said: str | None, problem: str, *, personal: bool
) -> Fixable:
    spec = bot.record.fields[name]
    choices = _choices(spec)
    text = "" if value is None else (value.text if choices else value.raw)
    hidden = value is not None and value.personal and bool(value.text) and not personal
    return Fixable(
        name=name,
        title=_title(bot, name),
        text=said if said is not None else None if hidden else text,
        place=value.source if value is not None else None,
        problem=problem,
        needed=spec.required,
        choices=choices,
        form=spec.format or "",
        kind=spec.type,
    )


def _choices(spec: FieldSpec) -> list[str]:
    """Return what can be chosen; several at once are written, separated by semicolons."""
    if spec.type == "yes-no":
        return ["yes", "no"]
    held = options_of(spec).options.values()
    return list(dict.fromkeys(held)) if spec.type == "choice" and not spec.many else []


def _text_of(record: Record, name: str, *, personal: bool) -> str | None:
    value = record.fields.get(name)
    return "" if value is None else _text(value, personal=personal)


def shown(record: Record, bot: Bot | None, *, personal: bool) -> list[Shown]:
    """Return the record's values in the order of the form; those that are *personal* only if they may be seen."""
    names = {attached.sha256: name for name, attached in record.documents.items()}
    return [
        Shown(
            name=name,
            title=_title(bot, name),
            text=_text(value, personal=personal),
            kind=_kind(value),
            personal=value.personal,
            document=names.get(value.source.document, "") if value.source else "",
            place=value.source,
            page=_page(value.source),
            warnings=value.warnings,
        )
        for name, value in record.fields.items()
    ]


def typed(
    record: Record, bot: Bot, entry: Entry, receipts: Mapping[str, Receipt], *, personal: bool
) -> list[Typed]:
    """Return what the entry types into its system, and what the screen showed back."""
    verdicts = receipts[entry.name].verdicts if entry.name in receipts else {}
    told = []
    for screen, text in _texts(entry):
        match = REFERENCE.fullmatch(text)
        label, said = _said(record, bot, match, receipts, personal=personal) if match else ("", text)
        kind = _kind(record.fields.get(match[1]) if match and match[2] is None else None)
        told.append(Typed(screen=screen, title=label, text=said, kind=kind, verdict=verdicts.get(screen, "")))
    return told


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    for step in entry.create:
        if isinstance(step.root, Fill | Choose | Tick | Attach):
            for way, text in step.root.texts():
                yield " ".join(map(str, way)), text


def _said(
    record: Record,
    bot: Bot,
    match: re.Match[str],
    receipts: Mapping[str, Receipt],
    *,
    personal: bool,
) -> tuple[str, str | None]:
    """Return what a `$reference` is called, and what it stands for."""
    name, part = match[1], match[2]
    if part is not None:
        return f"{name} {part}", receipts[name].kept.get(part, "") if name in receipts else ""
    if name in record.documents:
        return name, record.documents[name].name
    value = record.fields.get(name)
    return _title(bot, name), "" if value is None else _text(value, personal=personal)


def _text(value: FieldValue, *, personal: bool) -> str | None:
    return None if value.personal and value.text and not personal else value.text


def _kind(value: FieldValue | None) -> str:
    return "" if value is None else value.type


def _title(bot: Bot | None, name: str) -> str:
    spec = bot.record.fields.get(name) if bot is not None else None
    return title(name, spec) if spec is not None else name.replace("_", " ")


def _page(source: Source | None) -> int | None:
    return source.page if source is not None else None
