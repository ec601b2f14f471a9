"""`rpa schema`."""

import json
from pathlib import Path

import click

from rpa.cli.common import project_option


@click.command("schema")
@project_option
def command(folder: Path) -> None:
    """Write the JSON Schemas of bots, page maps and forms to bots/schema/, where the first line of each looks."""
    from rpa.definitions.schema import schemas
    from rpa.project import Project

    target = folder / "bots" / "schema"
    target.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas(Project(folder).vocabulary).items():
        path = target / f"{name}.schema.json"
        path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        click.echo(path)
