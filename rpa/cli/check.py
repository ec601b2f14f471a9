"""`rpa check`."""

from dataclasses import replace
from pathlib import Path

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.errors import ExitCode
from rpa.words import counted


@click.command("check")
@project_option
@json_option
def command(folder: Path, *, as_json: bool) -> int:
    """Find every mistake in bots, page maps and forms before a browser starts."""
    from rpa.project import Project

    library = Project(folder).library
    problems = library.problems()
    counts = {"bot": len(library.bots), "system": len(library.systems), "form": len(library.forms)}
    if as_json:
        found = [{"file": str(p.path), "line": p.line, "column": p.column, "message": p.message} for p in problems]
        print_json({**{f"{word}s": count for word, count in counts.items()}, "problems": found})
    else:
        for problem in problems:
            click.echo(str(replace(problem, path=_near(problem.path))))
        told = {**counts, "problem": len(problems)}
        click.echo(", ".join(counted(count, word) for word, count in told.items()), err=True)
    return ExitCode.USAGE if problems else ExitCode.DONE


def _near(path: Path) -> Path:
    """Return the path as a person here would write it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
