"""`rpa worker`."""

from pathlib import Path

import click

from rpa.cli.common import project_option


@click.command("worker")
@click.option("--systems", help="Those that this machine reaches, such as benefits,payments; by default all.")
@click.option(
    "--each", type=click.IntRange(1, 64), help="Workers of each system; by default as many as its sessions."
)
@project_option
def command(systems: str | None, each: int | None, folder: Path) -> None:
    """Enter what runs put on the queue of several machines, of every bot, until told to stop.

    On SIGTERM or Ctrl+C it finishes what is promised and gives back the rest, within 30 seconds.
    """
    from rpa.engines.procrastinate.crew import keep_working
    from rpa.engines.procrastinate.standing import systems_of
    from rpa.production import refuse_root
    from rpa.project import Project

    project = Project(folder)
    if project.settings.mode == "production":
        refuse_root()
    _ = project.shared_ledger
    wanted = systems_of(project, tuple(name for name in (systems or "").split(",") if name))
    click.echo(f"rpa worker: {', '.join(wanted)}", err=True)
    try:
        keep_working(
            project.settings.folder, wanted, each, lambda words: click.echo(f"rpa worker: {words}", err=True)
        )
    except KeyboardInterrupt:
        click.echo("rpa worker: stopped; what was in hand is finished or given back", err=True)
