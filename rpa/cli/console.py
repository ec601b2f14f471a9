"""`rpa console`."""

from pathlib import Path

import click

from rpa.cli.common import project_option


@click.command("console")
@click.option("--port", type=click.IntRange(0, 65535), help="Where it answers on 127.0.0.1; 0 takes a free one.")
@project_option
def command(folder: Path, port: int | None) -> None:
    """Serve the console: web pages on which staff start jobs, watch them and settle what needs a person.

    Somebody who may sign in is made by rpa user add. It answers on this machine alone; for others, put a proxy
    with TLS before it and name its host in rpa.toml.
    """
    from rpa.console.serving import serve
    from rpa.production import refuse_root
    from rpa.project import Project

    settings = Project(folder).settings
    if settings.mode == "production":
        refuse_root()
    intake = settings.console.intake
    if intake is not None and intake.trigger is not None:
        click.echo(
            f"The public page's forms go to the trigger {intake.trigger}, which `rpa serve` alone reads: they "
            "wait until it runs, here or beside this. `rpa serve --console` does both.",
            err=True,
        )
    chosen = settings.console.port if port is None else port
    serve(folder, chosen, ready=_tell)


def _tell(port: int, page: int | None) -> None:
    click.echo(f"The console is at http://127.0.0.1:{port}/", err=True)
    if page is not None:
        click.echo(f"The public page is at http://127.0.0.1:{page}/", err=True)
