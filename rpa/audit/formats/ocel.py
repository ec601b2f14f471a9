"""The log for process mining: an object-centric event log, OCEL 2.0 in JSON (ocel-standard.org).

Objects are runs, documents, records and transactions; an event is an audit entry and names those it is about.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rpa.audit.provenance import Entry

EVENT_ATTRIBUTES = ("actor", "on_behalf_of", "from", "to", "reason", "host")
TYPES: dict[str, tuple[str, ...]] = {
    "run": ("bot",),
    "document": (),
    "record": ("bot", "reference"),
    "transaction": ("entry", "system"),
}
"""Kinds of objects, and what is said of each."""


def to_ocel(entries: Iterable[Entry]) -> str:
    """Return the whole log as one JSON document."""
    objects: dict[str, dict[str, Any]] = {}
    events, kinds = [], dict[str, None]()
    for entry in entries:
        about = list(_about(entry))
        for kind, number, _ in about:
            _add(objects, kind, number, entry)
        _relate(objects, about)
        kinds[entry["event"]] = None
        events.append(_event(entry, about))
    told = {
        "objectTypes": [{"name": name, "attributes": _typed(said)} for name, said in TYPES.items()],
        "eventTypes": [{"name": name, "attributes": _typed(EVENT_ATTRIBUTES)} for name in kinds],
        "objects": list(objects.values()),
        "events": events,
    }
    return json.dumps(told, ensure_ascii=False)


def _typed(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"name": name, "type": "string"} for name in names]


def _about(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Yield the objects of an entry: kind, number, and as what they take part."""
    if "run" in entry:
        yield "run", f"run-{entry['run']}", "in run"
    if "document" in entry.get("data", {}):
        yield "document", f"document-{entry['data']['document']}", "from document"
    if "work_item" in entry:
        yield "record", f"record-{entry['work_item']}", "of record"
    if "transaction" in entry:
        yield "transaction", f"transaction-{entry['transaction']}", "of transaction"


def _add(objects: dict[str, dict[str, Any]], kind: str, number: str, entry: Entry) -> None:
    if number not in objects:
        said = [{"name": name, "time": entry["at"], "value": str(entry.get(name, ""))} for name in TYPES[kind]]
        objects[number] = {"id": number, "type": kind, "attributes": said, "relationships": []}


def _relate(objects: dict[str, dict[str, Any]], about: list[tuple[str, str, str]]) -> None:
    """Let a transaction name its record, and a record its document."""
    by_kind = {kind: number for kind, number, _ in about}
    for one, other, how in (("transaction", "record", "enters"), ("record", "document", "read from")):
        if one in by_kind and other in by_kind:
            relation = {"objectId": by_kind[other], "qualifier": how}
            known = objects[by_kind[one]]["relationships"]
            if relation not in known:
                known.append(relation)


def _event(entry: Entry, about: list[tuple[str, str, str]]) -> dict[str, Any]:
    said = {**entry, "actor": entry["actor"]["name"]}
    if "on_behalf_of" in entry:
        said["on_behalf_of"] = entry["on_behalf_of"]["name"]
    return {
        "id": f"entry-{entry['seq']}",
        "type": entry["event"],
        "time": entry["at"],
        "attributes": [{"name": name, "value": said[name]} for name in EVENT_ATTRIBUTES if name in said],
        "relationships": [{"objectId": number, "qualifier": how} for _, number, how in about],
    }
