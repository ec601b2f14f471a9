"""`rpa show`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from rpa.cli.common import indented, json_option, print_json, project_option
from rpa.errors import SetupError
from rpa.records import Record
from rpa.store.store import Store
from rpa.work import Transaction, WorkItem

SHORT = 24
"""Characters of a value that has room on the line of its name, in a window of 80."""


@click.command("show")
@click.argument("reference")
@project_option
@json_option
def command(reference: str, folder: Path, *, as_json: bool) -> None:
    """Tell one work item's whole story: where each value stood, what was done, what the systems showed back."""
    from rpa.project import Project

    with Project(folder).store() as store:
        items = store.find(reference)
        if not items:
            raise SetupError(f"no work item has the reference {reference}; rpa queue lists them")
        for item in items:
            story = _story(store, item)
            if as_json:
                print_json(story)
            else:
                click.echo("\n".join(_lines(story)))


def _story(store: Store, item: WorkItem) -> dict[str, Any]:
    record = Record.from_json(item.record)
    return {
        "bot": item.bot,
        "reference": item.reference,
        "documents": {name: vars(one) for name, one in record.documents.items()},
        "fields": {
            name: {
                "value": "(personal)" if value.personal else value.text,
                "place": str(value.source) if value.source else None,
            }
            for name, value in record.fields.items()
        },
        "transactions": [_transaction(one) for one in store.transactions(item.id)],
        "trail": list(store.trail(item.reference)),
    }


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


def _lines(story: Mapping[str, Any]) -> Iterator[str]:
    yield f"{story['reference']}  ({story['bot']})"
    for name, document in story["documents"].items():
        yield f"  {name}: {document['name']}  sha256 {document['sha256'][:16]}…"
    yield "Read"
    for name, field in story["fields"].items():
        yield from _field(name, field["value"].replace("\n", " / "), field["place"])
    for one in story["transactions"]:
        yield f"{one['entry']}: {one['status']}"
        if one["reason"]:
            yield indented(one["reason"], 2)
        yield from (f"  {name}: {value}" for name, value in one["kept"].items())
        same = [name for name, verdict in one["read_back"].items() if verdict == "same"]
        if same:
            yield indented(f"read back and the same: {', '.join(same)}", 2)
        yield from (f"  evidence {sha256}" for sha256 in one["evidence"])
    yield "Trail (times are UTC)"
    for entry in story["trail"]:
        yield f"  {_when(entry)}  {_what(entry)}"
        if entry.get("reason"):
            yield indented(entry["reason"], 6)


def _field(name: str, value: str, place: str | None) -> Iterator[str]:
    """Yield a field's line: a long value stands below its name and place."""
    short = len(value) <= SHORT
    yield f"  {name:<16} {value if short else '':<{SHORT}} {place or ''}".rstrip()
    if not short:
        yield indented(value, 4)


def _when(entry: Mapping[str, Any]) -> str:
    return str(entry["at"])[:19].replace("T", " ")


def _what(entry: Mapping[str, Any]) -> str:
    moved = f" {entry['from']} → {entry['to']}" if entry.get("to") else ""
    where = f" {entry['entry']}" if entry.get("entry") else ""
    return f"{entry['event']}{where}{moved} by {entry['actor']['name']}"
