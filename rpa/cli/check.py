"""`rpa check`."""

from pathlib import Path

import click

from rpa.cli.common import json_option, near, print_json, project_option, told
from rpa.errors import ExitCode
from rpa.words import counted


@click.command("check")
@project_option
@json_option
def command(folder: Path, *, as_json: bool) -> int:
    """Find every mistake in bots, page maps, forms, schedules and triggers before a browser starts."""
    from rpa.project import Project

    project = Project(folder)
    library, schedules, triggers = project.library, project.schedules, project.triggers
    problems = [*library.problems(), *schedules.problems(), *triggers.problems()]
    counts = {
        "bot": len(library.bots),
        "system": len(library.systems),
        "form": len(library.forms),
        "schedule": len(schedules.defined),
        "trigger": len(triggers.defined),
    }
    if as_json:
        print_json({**{f"{word}s": count for word, count in counts.items()}, "problems": [*map(told, problems)]})
    else:
        for problem in problems:
            click.echo(near(problem))
        counts["problem"] = len(problems)
        click.echo(", ".join(counted(count, word) for word, count in counts.items()), err=True)
    return ExitCode.USAGE if problems else ExitCode.DONE
