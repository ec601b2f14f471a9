"""`rpa audit new-key`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rpa.cli.common import project_option
from rpa.errors import ExitCode
from rpa.words import counted

if TYPE_CHECKING:
    from rpa.project import Project


@click.command("new-key")
@click.argument("which", type=click.Choice(["signing", "project"]))
@click.option("--credential", help="For the project's key: the credential whose password is the new one.")
@project_option
def new_key(which: str, credential: str | None, folder: Path) -> int:
    """Let a new key take the place of the one that signs the trail, or of the project's, which opens records.

    What was signed before stays verifiable: both signing keys say in a note that one follows from the other. Under
    a new project's key the keys of all subjects are sealed anew; do it while nothing else runs.
    """
    from rpa.project import Project

    project = Project(folder)
    if which == "signing" and credential is not None:
        raise click.UsageError("--credential is for the project's key")
    return _signing(project) if which == "signing" else _project(project, credential)


def _signing(project: "Project") -> int:
    from rpa.audit.keys import public_key

    with project.store() as store:
        project.tell_settings(store)
        store.log.change_signing_key()
        problems = store.log.publish(project.places)
    click.echo(f"signs from now on: {public_key(project.settings.state_folder)}")
    for problem in problems:
        click.echo(f"not taken by {problem}; a witness has to be given the new key", err=True)
    return ExitCode.DONE


def _project(project: "Project", credential: str | None) -> int:
    with project.sealing() as store:
        load = None if credential is None else partial(project.key_in, credential)
        rewrapped = store.personal.change_project_key(load)
        store.personal.clean()  # the pages of before are under the key of before
    click.echo(f"sealed anew: the keys of {counted(rewrapped, 'subject')}")
    if credential is not None:
        click.echo(f'say so in rpa.toml now, under [privacy]:  key = "{credential}"', err=True)
    return ExitCode.DONE
