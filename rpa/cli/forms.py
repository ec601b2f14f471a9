"""`rpa forms`."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rpa.cli.common import project_option
from rpa.errors import SetupError

if TYPE_CHECKING:
    from rpa.project import Project


@click.group("forms")
def command() -> None:
    """Describe forms from their empty copies."""


@command.command("learn")
@click.argument("blank", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="What the form is called; by default as the file is.")
@project_option
def learn(blank: Path, name: str | None, folder: Path) -> None:
    """Propose a form from the empty one, a PDF or a workbook: its fields with labels and types, how it is known.

    Writes bots/forms/NAME.yaml, and of a PDF a copy beside it; look through both.
    """
    from rpa.documents.preflight import is_pdf
    from rpa.project import Project

    project = Project(folder)
    target = _target(project.library.forms_folder, name or blank.stem)
    form = _proposed(project, blank, target.stem)
    target.parent.mkdir(exist_ok=True)
    if is_pdf(blank):
        shutil.copyfile(blank, target.with_suffix(".pdf"))
    _write(target, form)
    columns = sum(len(table["fields"]) for table in form.get("tables", {}).values())
    told = f"{len(form['fields'])} fields" + (f", {columns} columns of tables" if columns else "")
    click.echo(f"{target}: {told}; give them your names, then run rpa check")


def _proposed(project: "Project", blank: Path, stem: str) -> dict[str, Any]:
    from rpa.documents.base import Wanted
    from rpa.documents.preflight import is_pdf
    from rpa.documents.sandbox import read_rows
    from rpa.intake.learned import proposed
    from rpa.intake.learned_workbook import proposed_workbook

    form, about = stem.replace("_", "-"), f"Learned from {blank.name}."
    with project.files.keep(blank) as document:
        rows = read_rows("pdf-blank" if is_pdf(blank) else "excel-blank", document, Wanted(places={}))
    return proposed(form, about, f"{stem}.pdf", rows) if is_pdf(blank) else proposed_workbook(form, about, rows)


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
