"""`rpa forms`."""

import re
import shutil
from pathlib import Path
from typing import Any

import click

from rpa.cli.common import project_option
from rpa.errors import SetupError


@click.group("forms")
def command() -> None:
    """Describe forms from their empty copies."""


@command.command("learn")
@click.argument("blank", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="What the form is called; by default as the file is.")
@project_option
def learn(blank: Path, name: str | None, folder: Path) -> None:
    """Propose a form from the empty one: its fields with labels and types, and what it is known by.

    Writes bots/forms/NAME.yaml and a copy of the empty form beside it; look through both.
    """
    from rpa.documents.base import Wanted
    from rpa.documents.sandbox import read_rows
    from rpa.intake.learned import proposed
    from rpa.project import Project

    project = Project(folder)
    target = _target(project.library.forms_folder, name or blank.stem)
    rows = read_rows("pdf-blank", project.files.keep(blank), Wanted(places={}))
    form = proposed(target.stem.replace("_", "-"), f"Learned from {blank.name}.", target.stem + ".pdf", rows)
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(blank, target.with_suffix(".pdf"))
    _write(target, form)
    click.echo(f"{target}: {len(form['fields'])} fields; give them your names, then run rpa check")


def _target(folder: Path, name: str) -> Path:
    stem = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
    target = folder / f"{stem}.yaml"
    if not re.match(r"[a-z]", stem):
        raise SetupError(f"a form's name begins with a letter: give one by --name instead of {name}")
    if target.exists() or target.with_suffix(".pdf").exists():
        raise SetupError(f"{target} or its PDF is there already: give another name by --name")
    return target


def _write(target: Path, form: dict[str, Any]) -> None:
    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = 110
    with target.open("w", encoding="utf-8") as file:
        file.write("# yaml-language-server: $schema=../schema/form.schema.json\n")
        writer.dump(form, file)
