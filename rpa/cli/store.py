"""`rpa store`."""

from pathlib import Path

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.words import counted


@click.group("store")
def command() -> None:
    """Make the tables of the ledger, or move an office from a file into a database."""


@command.command("migrate")
@project_option
@json_option
def migrate(folder: Path, *, as_json: bool) -> None:
    """Make the ledger's tables, or bring them up to date, and give the roles of rpa.toml their rights.

    With [database_roles] nothing else does so, and the owner of the tables has to sign in for it.
    """
    from rpa.project import Project

    project = Project(folder)
    name, roles = project.migrate(), project.settings.database_roles
    granted = [] if roles is None else [role for role in (roles.app, roles.auditor) if role is not None]
    if as_json:
        print_json({"ledger": name, "revision": _revision(), "granted": granted})
    else:
        click.echo(f"{name} is up to date (revision {_revision()})")
        for role in granted:
            click.echo(f"  {role} has its rights")


@command.command("copy")
@project_option
@json_option
def copy(folder: Path, *, as_json: bool) -> None:
    """Move the ledger with its whole trail from its file into the `database` of rpa.toml.

    Every row is compared, and the trail verified, before the file is closed for good. Nothing else may use the
    project meanwhile. Where it breaks off, run it again.
    """
    from rpa.project import Project

    project = Project(folder)
    copied = project.copy(_tell)
    with project.sealing() as store:
        told = {**vars(copied), "audit": store.log.verify().word}
    if as_json:
        print_json(told)
        return
    moved = f"{counted(copied.rows, 'row')}, {counted(copied.entries, 'audit entry', 'audit entries')}"
    click.echo(f"Moved to {copied.place} in {copied.seconds:.0f} s: {moved}")
    click.echo(f"Each row was compared; the audit trail is {told['audit']} there")
    click.echo(f"{copied.source} takes nothing any more; delete it once the database is backed up", err=True)


def _tell(table: str, rows: int) -> None:
    if rows:
        click.echo(f"  {table}: {counted(rows, 'row')}", err=True)


def _revision() -> str:
    from rpa.store.schema import REVISION

    return REVISION
