"""`rpa serve`."""

from pathlib import Path

import click

from rpa.cli.common import project_option


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), help="Where it answers on 127.0.0.1; 0 takes a free one.")
@click.option("--console", "staffed", is_flag=True, help="Serve the console too, on its own port.")
@project_option
def command(port: int | None, folder: Path, *, staffed: bool) -> None:
    """Run what schedules say and what comes to triggers, for months, and tell people what waits for them.

    Its log is on standard output: JSON, an object a line.
    It ends on SIGTERM or Ctrl+C, and gives back or finishes what runs.
    """
    from rpa.production import refuse_root
    from rpa.project import Project
    from rpa.service.service import Service

    settings = Project(folder).settings
    if settings.mode == "production":
        refuse_root()
    at = settings.service.port if port is None else port
    Service(settings.folder, at, settings.service.runs, settings.console.port if staffed else None).run()
