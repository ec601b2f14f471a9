"""`rpa audit`."""

from pathlib import Path

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.errors import ExitCode


@click.group("audit")
def command() -> None:
    """Verify the audit trail."""


@command.command("verify")
@project_option
@json_option
def verify(folder: Path, *, as_json: bool) -> int:
    """Recompute the whole trail from its stored bytes and compare it with every signed checkpoint."""
    from rpa.project import Project

    with Project(folder).store() as store:
        verdict = store.verify()
    if as_json:
        print_json({"audit": verdict.word, **vars(verdict)})
    else:
        click.echo(verdict.sentence)
        for problem in verdict.problems:
            click.echo(f"  {problem}")
    return ExitCode.FAILED if verdict.problems else ExitCode.DONE
