"""`rpa schema`."""

import json
from pathlib import Path

import click

from rpa.cli.common import project_option


@click.command("schema")
@project_option
def command(folder: Path) -> None:
    """Write the JSON Schemas of bots and page maps to bots/schema/, where the first line of each bot looks."""
    from rpa.definitions.schema import bot_schema, system_schema
    from rpa.project import Project

    target = folder / "bots" / "schema"
    target.mkdir(parents=True, exist_ok=True)
    for name, schema in (("bot", bot_schema(Project(folder).vocabulary)), ("system", system_schema())):
        path = target / f"{name}.schema.json"
        path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        click.echo(path)
