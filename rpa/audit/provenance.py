"""Each value's way, told by the log alone: from the document's place by its rule to the fields of the screens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rpa.audit.entry import Event

Entry = Mapping[str, Any]
"""An audit entry as `decode` gives it."""

READ = frozenset({Event.WORK_ITEM_ADDED, Event.WORK_ITEM_REJECTED})


@dataclass(frozen=True, kw_only=True)
class Use:
    """A field of a screen that a value was entered into, or compared with: *verdict* says how that came out.

    *seq* is the audit entry that says so, *at* when it was written.
    """

    seq: int
    at: str
    transaction: int
    entry: str
    system: str
    page: str
    screen_field: str
    verdict: str | None = None


@dataclass(kw_only=True)
class Way:
    """Where a value was read, by which rule, and where it went; *corrected* is a person's decision, if any."""

    name: str
    seq: int
    source: Mapping[str, str]
    entered: list[Use] = field(default_factory=list)
    compared: list[Use] = field(default_factory=list)
    corrected: Entry | None = None


def ways(entries: Iterable[Entry]) -> dict[str, Way]:
    """Return the way of each field of one work item, from its audit entries, oldest first."""
    known: dict[str, Way] = {}
    revisions: dict[str, Entry] = {}
    asked: dict[str, Entry] = {}
    for entry in entries:
        data = entry.get("data", {})
        if entry["event"] in READ:
            known = _read(entry)
        elif entry["event"] == Event.WORK_ITEM_REVISION:
            revisions[data.get("waiting", "")] = entry
        elif entry["event"] == Event.QUEUE_DECIDED and data.get("outcome") == "taken":
            known = _taken(revisions.get(data["waiting"]), entry) or known
        elif entry["event"] == Event.CHANGE_ASKED:
            asked[data["change"]] = entry
        elif entry["event"] == Event.WORK_ITEM_CORRECTED:
            known = known | _taken(asked.get(data["change"], entry), entry)
        for use in _uses(entry, "entered"):
            _note(known, use, entry, "entered")
        for use in _uses(entry, "compared"):
            _note(known, use, entry, "compared")
    return known


def _read(entry: Entry) -> dict[str, Way]:
    fields = entry.get("data", {}).get("fields", {})
    return {name: Way(name=name, seq=entry["seq"], source=source) for name, source in fields.items()}


def _taken(revision: Entry | None, decision: Entry) -> dict[str, Way]:
    """Return the fields of a revision, or of a correction, that a person put in the place of what was there."""
    taken = {} if revision is None else _read(revision)
    for way in taken.values():
        way.corrected = decision
    return taken


def _uses(entry: Entry, key: str) -> Iterable[tuple[str, Use]]:
    data = entry.get("data", {})
    verdicts = data.get("verdicts", {}) if key == "compared" else {}
    for page, fields in data.get(key, {}).items():
        for screen_field, name in fields.items():
            yield (
                name,
                Use(
                    seq=entry["seq"],
                    at=entry["at"],
                    transaction=entry["transaction"],
                    entry=entry["entry"],
                    system=entry["system"],
                    page=page,
                    screen_field=screen_field,
                    verdict=verdicts.get(screen_field),
                ),
            )


def _note(known: dict[str, Way], found: tuple[str, Use], entry: Entry, key: str) -> None:
    name, use = found
    way = known.setdefault(name, Way(name=name, seq=entry["seq"], source={}))
    (way.entered if key == "entered" else way.compared).append(use)
