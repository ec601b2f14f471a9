"""`rpa run`."""

from pathlib import Path

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.errors import ExitCode


@click.command("run")
@click.argument("bot")
@click.option("--headed", is_flag=True, help="Show the browsers.")
@project_option
@json_option
def command(bot: str, folder: Path, *, headed: bool, as_json: bool) -> int:
    """Run a bot: read its documents, enter each record once in every system, and prove it."""
    from rpa.cli.progress import progress
    from rpa.cli.summary import Summary
    from rpa.project import Project, person
    from rpa.results.lists import write_lists
    from rpa.runner import run

    project = Project(folder)
    with progress(quiet=as_json) as told:
        outcome = run(project, bot, by=f"person:{person().name}", progress=told, headed=headed)
    summary = Summary(project, project.bot(bot), outcome, *write_lists(project, bot))
    if as_json:
        print_json(summary.data())
    else:
        summary.tell()
    return ExitCode.FAILED if outcome.failures else summary.exit_code
