"""One work item's whole story: where each value stood, where it went, what was shown back, who did what."""

from collections.abc import Iterator, Mapping
from typing import Any

from rpa.audit.provenance import Use, Way, ways
from rpa.records import Record
from rpa.store.store import Store
from rpa.work import Transaction, WorkItem

Story = Mapping[str, Any]

PERSONAL = "(personal)"
"""Stands for the value of a personal field."""


def story(store: Store, item: WorkItem) -> Story:
    """Return the story of a work item as JSON-ready data; personal values are left out."""
    record, trail = Record.from_json(item.record), list(store.log.read(item.reference, bot=item.bot))
    known = ways(trail)
    return {
        "bot": item.bot,
        "reference": item.reference,
        "erased": item.erased,
        "documents": {name: vars(one) for name, one in record.documents.items()},
        "fields": {
            name: {
                "value": PERSONAL if value.personal else value.text,
                "place": str(value.source) if value.source else None,
                **_way(known.get(name)),
            }
            for name, value in record.fields.items()
        },
        "transactions": [_transaction(one) for one in store.transactions(item.id)],
        "trail": trail,
    }


def _way(way: Way | None) -> dict[str, Any]:
    """Return what the log says of a field: nothing where it is of before the log said it."""
    if way is None:
        return {"rule": None, "entered": [], "shown_back": [], "corrected_by": None}
    return {
        "rule": way.source.get("rule"),
        "entered": list(_uses(way.entered)),
        "shown_back": [
            {**use, "verdict": one.verdict} for use, one in zip(_uses(way.compared), way.compared, strict=True)
        ],
        "corrected_by": way.corrected and way.corrected["actor"]["name"],
    }


def _uses(uses: list[Use]) -> Iterator[dict[str, Any]]:
    for one in uses:
        yield {"entry": one.entry, "page": one.page, "field": one.screen_field}


def _transaction(one: Transaction) -> dict[str, Any]:
    return {
        "entry": one.entry,
        "status": one.status,
        "attempt": one.attempt,
        "reason": one.reason,
        "kept": dict(one.receipt.kept),
        "read_back": dict(one.receipt.verdicts),
        "evidence": list(one.receipt.evidence),
    }


def went(field: Mapping[str, Any]) -> Iterator[str]:
    """Yield in words, a line for each entry of the bot, where a field's value went and what was shown back."""
    for entry in dict.fromkeys(use["entry"] for use in field["entered"]):
        places = dict.fromkeys(_place(use) for use in field["entered"] if use["entry"] == entry)
        back = {_place(use): use["verdict"] for use in field["shown_back"] if use["entry"] == entry}
        shown = ", ".join(f"{place}: {verdict or 'not compared'}" for place, verdict in back.items())
        yield f"{entry}: {', '.join(places)}{f'; shown back in {shown}' if shown else ''}"
    if field["corrected_by"]:
        yield f"put in the place of another value by {field['corrected_by']}"


def _place(use: Mapping[str, str]) -> str:
    return f"{use['page']} / {use['field']}"


def when(entry: Mapping[str, Any]) -> str:
    """Return when an entry was made, to the second."""
    return str(entry["at"])[:19].replace("T", " ")


def what(entry: Mapping[str, Any]) -> str:
    """Return in words what happened, and who did it for whom."""
    moved = f" {entry['from']} → {entry['to']}" if entry.get("to") else ""
    where = f" {entry['entry']}" if entry.get("entry") else ""
    behalf = f" for {entry['on_behalf_of']['name']}" if entry.get("on_behalf_of") else ""
    return f"{entry['event']}{where}{moved} by {entry['actor']['name']}{behalf}"
