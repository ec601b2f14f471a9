"""`rpa read`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.errors import DocumentProblem, ExitCode
from rpa.intake.drafts import Draft, Drafts
from rpa.records import FieldValue


@click.command("read")
@click.argument("bot")
@project_option
@json_option
def command(bot: str, folder: Path, *, as_json: bool) -> int:
    """Show the records that a bot reads, and where each value came from. No browser starts, nothing is entered."""
    from rpa.project import Project

    project = Project(folder)
    problems = 0
    for told in _readings(project.drafts(project.bot(bot))):
        problems += told["problem"] is not None
        print_json(told) if as_json else _tell(told)
    return ExitCode.NEEDS_PERSON if problems else ExitCode.DONE


def _readings(drafts: Drafts) -> Iterator[dict[str, Any]]:
    for path in drafts.paths():
        try:
            for draft in drafts.of(drafts.keep(path)):
                yield _told(draft)
        except DocumentProblem as problem:
            yield {"document": path.name, "problem": f"{problem.kind}: {problem}"}


def _told(draft: Draft) -> dict[str, Any]:
    fields = {name: _field(value) for name, value in draft.record.fields.items()}
    return {
        "document": draft.document.path.name,
        "place": draft.place,
        "reference": draft.reference,
        "problem": draft.problem,
        "fields": fields,
    }


def _field(value: FieldValue) -> dict[str, Any]:
    source = value.source
    return {
        "value": value.text,
        "raw": value.raw,
        "state": "blank" if value.value is None else "read",
        "place": str(source) if source else None,
        "how": source.how if source else None,
        "page": source.page if source else None,
        "box": source.box if source else None,
    }


def _tell(told: dict[str, Any]) -> None:
    click.secho(f"{told['document']}  {told.get('place', '')}  {told.get('reference', '')}", bold=True)
    for name, field in told.get("fields", {}).items():
        value = field["value"].replace("\n", " / ")
        click.echo(f"  {name:<16} {value:<44} {field['place'] or ''}")
    if told["problem"]:
        click.secho(f"  ! {told['problem']}", fg="red")
