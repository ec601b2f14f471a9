"""`rpa audit export`."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rpa.cli.common import project_option
from rpa.errors import SetupError
from rpa.words import counted

if TYPE_CHECKING:
    from rpa.project import Project
    from rpa.store.store import Store

ONE_RECORD = frozenset({"prov", "page"})
"""Forms that tell of one record."""


@click.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--reference", help="Only what is about this record.")
@click.option("--format", "form", type=click.Choice(["bundle", "csv", "xlsx", "ocsf", "ocel", "prov", "page"]))
@project_option
def export(target: Path, reference: str | None, form: str | None, folder: Path) -> None:
    """Write the trail into TARGET: by default a folder with the proofs and a verifier that needs nothing else.

    Other forms are files: csv and xlsx for people, ocsf for SIEMs, ocel for process mining; and of one record prov
    (W3C PROV-JSON) and page (HTML, to be printed).
    """
    from rpa.audit.entry import Event
    from rpa.project import Project

    project, form = Project(folder), form or "bundle"
    if target.exists():
        raise SetupError(f"{target} is there already: name a new one")
    if form != "bundle" and not target.parent.is_dir():
        raise SetupError(f"{target.parent} is no folder: make it, or name another one")
    if form in ONE_RECORD and reference is None:
        raise click.UsageError(f"--format {form} tells of one record: give its --reference")
    with project.examined() as store:
        may_write = store.may_write()
        if reference is not None and next(store.log.read(reference), None) is None:
            raise SetupError(f"nothing in the log is about {reference}; rpa queue lists the references")
    if may_write:
        with project.sealing() as store:
            store.log.append(Event.DATA_EXPORTED, data={"format": form, "of": reference or "everything"})
    else:
        click.echo("The log does not say that it was exported: this account may only read it.", err=True)
    with project.examined() as store:
        click.echo(f"{target}: {WRITERS[form](project, store, target, reference)}")


Writer = Callable[["Project", "Store", Path, str | None], str]
"""Writes a form of the log, or of one reference, and returns what it wrote."""


def _bundle(project: "Project", store: "Store", target: Path, reference: str | None) -> str:
    from rpa.audit.places import witnesses_of

    witnesses = [one.key for one in witnesses_of(project.settings.audit)]
    written = store.log.export(target, reference=reference, witnesses=witnesses)
    return f"{counted(written, 'entry', 'entries')}; check it with python3 {target / 'verify.py'}"


def _csv(_project: "Project", store: "Store", target: Path, reference: str | None) -> str:
    from rpa.audit.formats.table import to_csv

    return _text(target, to_csv(store.log.read(reference)), "utf-8-sig")


def _xlsx(_project: "Project", store: "Store", target: Path, reference: str | None) -> str:
    from rpa.results.trail import write_trail

    write_trail(target, store.log.read(reference))
    return "written"


def _ocsf(project: "Project", store: "Store", target: Path, reference: str | None) -> str:
    from rpa.audit.formats.ocsf import to_ocsf
    from rpa.audit.keys import public_key

    return _text(target, to_ocsf(store.log.read(reference), public_key(project.settings.state_folder).name))


def _ocel(_project: "Project", store: "Store", target: Path, reference: str | None) -> str:
    from rpa.audit.formats.ocel import to_ocel

    return _text(target, [to_ocel(store.log.read(reference))])


def _prov(_project: "Project", store: "Store", target: Path, reference: str | None) -> str:
    from rpa.audit.formats.prov import to_prov

    return _text(target, [to_prov(store.log.read(reference))])


def _page(_project: "Project", store: "Store", target: Path, reference: str | None) -> str:
    from rpa.results.page import page
    from rpa.results.story import story

    found = [story(store, item) for item in store.find(reference or "")]
    return _text(target, [page(found, store.log.verify().sentence)])


def _text(target: Path, parts: Iterable[str], encoding: str = "utf-8") -> str:
    with target.open("w", encoding=encoding, newline="") as file:
        file.writelines(parts)
    return "written"


WRITERS: dict[str, Writer] = {
    "bundle": _bundle,
    "csv": _csv,
    "xlsx": _xlsx,
    "ocsf": _ocsf,
    "ocel": _ocel,
    "prov": _prov,
    "page": _page,
}
"""What writes each form."""
