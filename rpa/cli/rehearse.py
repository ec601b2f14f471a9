"""`rpa rehearse`."""

from pathlib import Path
from typing import Any

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.errors import ExitCode


@click.command("rehearse")
@click.argument("bot")
@click.option("--headed", is_flag=True, help="Show the browser.")
@click.option("--reference", help="Rehearse this record alone.")
@project_option
@json_option
def command(bot: str, reference: str | None, folder: Path, *, headed: bool, as_json: bool) -> int:
    """Do everything but submit: read, sign in, search, fill in, read back. Nothing is entered or remembered."""
    from rpa.project import Project
    from rpa.rehearsal import rehearse

    acts, problems = 0, 0
    for act in rehearse(Project(folder), bot, reference=reference, headed=headed):
        acts, problems = acts + 1, problems + (act.problem is not None)
        told = {"reference": act.reference, "entry": act.entry, "found": act.found, "problem": act.problem}
        print_json({**told, "picture": act.picture}) if as_json else _tell(told, act.picture)
    if reference is not None and not acts:
        raise click.UsageError(f"no record that can be read is called {reference}; `rpa read {bot}` lists them")
    return ExitCode.NEEDS_PERSON if problems else ExitCode.DONE


def _tell(told: dict[str, Any], picture: str | None) -> None:
    outcome = told["problem"] or ("already there" if told["found"] else "ready to submit")
    click.echo(f"{told['reference']}  {told['entry'] or '-'}  {outcome}  {picture or ''}")
