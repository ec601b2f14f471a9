"""`rpa show`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from rpa.audit.entry import Event
from rpa.cli.common import indented, json_option, print_json, project_option
from rpa.errors import SetupError
from rpa.results.story import story, went, what, when

SHORT = 24
"""Characters of a value that has room on the line of its name, in a window of 80."""


@click.command("show")
@click.argument("reference")
@project_option
@json_option
def command(reference: str, folder: Path, *, as_json: bool) -> None:
    """Tell one work item's whole story: where each value stood, what was done, what the systems showed back."""
    from rpa.project import Project

    project = Project(folder)
    with project.sealing() as store:
        items = store.find(reference)
        if not items:
            raise SetupError(f"no work item has the reference {reference}; rpa queue lists them")
        for item in items:
            store.log.append(Event.DATA_VIEWED, item=item, data={"view": "show"})
            told = {**story(store, item), "unsure": project.cut_outs.of(item.bot, item.reference)}
            if as_json:
                print_json(told)
            else:
                click.echo("\n".join(_lines(told)))


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"{told['reference']}  ({told['bot']})"
    if told["erased"] is not None:
        yield f"  its content was erased on {told['erased']:%Y-%m-%d}; what was done with it is told below"
    for name, document in told["documents"].items():
        yield f"  {name}: {document['name']}  sha256 {document['sha256'][:16]}…"
    yield "Read, and where it went"
    for name, field in told["fields"].items():
        yield from _field(name, field["value"].replace("\n", " / "), field["place"])
        yield from (indented(words, 4) for words in went(field))
    yield from (f"  {name:<16} ? look at {path}" for name, path in told["unsure"].items())
    for one in told["transactions"]:
        yield f"{one['entry']}: {one['status']}"
        if one["reason"]:
            yield indented(one["reason"], 2)
        yield from (f"  {name}: {value}" for name, value in one["kept"].items())
        same = [name for name, verdict in one["read_back"].items() if verdict == "same"]
        if same:
            yield indented(f"read back and the same: {', '.join(same)}", 2)
        yield from (f"  evidence {sha256}" for sha256 in one["evidence"])
    yield "Trail (times are UTC)"
    for entry in told["trail"]:
        yield f"  {when(entry)}  {what(entry)}"
        if entry.get("reason"):
            yield indented(entry["reason"], 6)


def _field(name: str, value: str, place: str | None) -> Iterator[str]:
    """Yield a field's line: a long value stands below its name and place."""
    short = len(value) <= SHORT
    yield f"  {name:<16} {value if short else '':<{SHORT}} {place or ''}".rstrip()
    if not short:
        yield indented(value, 4)
