"""`rpa schema`."""

from pathlib import Path

import click

from rpa.cli.common import project_option


@click.command("schema")
@project_option
def command(folder: Path) -> None:
    """Write the JSON Schemas of all definitions to bots/schema/, where the first line of each looks."""
    from rpa.definitions.schema import files
    from rpa.project import Project

    target = folder / "bots" / "schema"
    target.mkdir(parents=True, exist_ok=True)
    for name, text in files(Project(folder).vocabulary).items():
        (target / name).write_text(text, encoding="utf-8")
        click.echo(target / name)
